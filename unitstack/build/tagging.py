"""What a module's tags say of its bytes."""

from unitstack.build.project import FORMATS
from unitstack.engines.wasm_code.sections import MAGIC, Reader, SectionId, body_of, split
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.tags import Tag

VARIANT = "ao.TN.1"
_WIDE = 0x04


def format_of(module: bytes) -> ModuleFormat:
    """The format that a module of that width is tagged with. Raises EngineError for what is not a module with memory."""
    if not module.startswith(MAGIC):
        raise EngineError(f"these {len(module)} bytes are no wasm module")
    memory = Reader(body_of(split(module), SectionId.MEMORY))
    if not memory.unsigned():
        raise EngineError("the module has no memory of its own: it is none of ao's")
    return FORMATS[64 if memory.byte() & _WIDE else 32]


def module_tags(module: bytes, memory_limit: str, given: tuple[Tag, ...] = ()) -> tuple[Tag, ...]:
    """A module's tags: what is given first, then what it leaves open. Raises EngineError."""
    own = (
        Tag("Data-Protocol", "ao"),
        Tag("Type", "Module"),
        Tag("Variant", VARIANT),
        Tag("Module-Format", format_of(module)),
        Tag("Input-Encoding", "JSON-1"),
        Tag("Output-Encoding", "JSON-1"),
        Tag("Memory-Limit", memory_limit),
        Tag("Content-Type", "application/wasm"),
    )
    names = {tag.name for tag in given}
    return (*given, *(tag for tag in own if tag.name not in names))
