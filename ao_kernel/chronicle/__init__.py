"""What happened in a world, as values: the messages of its processes with what each gave, and each process at a glance."""

from ao_kernel.chronicle.chronicle import Chronicle
from ao_kernel.chronicle.events import Event, references_of, root_of, sender_of
from ao_kernel.chronicle.glance import Facts, Letter

__all__ = ["Chronicle", "Event", "Facts", "Letter", "references_of", "root_of", "sender_of"]
