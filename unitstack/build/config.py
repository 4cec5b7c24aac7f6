"""What a project's `config.yml` asks for: sizes of memory and stack, the width of pointers. What has no effect here is told
in a note, and what would be a lie is refused."""

import re
import shlex
from dataclasses import dataclass, replace
from typing import Any, get_args

import yaml

from unitstack.build.inject import LEAST_STACK, PAGE, WASM32_PAGES, Sizes
from unitstack.build.lua_module import PRESETS, Target
from unitstack.errors import Refused

FILE = "config.yml"
PRESET = "md"
# What ao's command writes without a config, though the memory of the default preset may grow past it.
MEMORY_LIMIT = "256-mb"
MEMORY_LIMITS = {
    "xs": "128-mb",
    "sm": "256-mb",
    "md": "512-mb",
    "lg": "1024-mb",
    "xl": "8192-mb",
    "xxl": "16384-mb",
}

_SIZE_KEYS = {"stack_size": "stack", "initial_memory": "initial", "maximum_memory": "maximum"}
_KEYS = (*_SIZE_KEYS, "preset", "target", "extra_compile_args", "keep_js")
_SIZE_FLAGS = {key.upper(): key for key in _SIZE_KEYS}
_WIDTH_FLAG = "MEMORY64"
_HARMLESS = re.compile(
    r"-[DIU].+|-O.?|-f(?!plugin|pass-plugin|sanitize|lto).+|-std=.+|-g\d?|-[wW](?![alp],).*"
)
# Of these, what they say may be a word of its own.
_IN_TWO = ("-D", "-I", "-U")


@dataclass(frozen=True, slots=True)
class Config:
    """What is to be built. The memory limit is what the module's tag says; flags are a compiler's; notes are whole
    sentences for a person."""

    sizes: Sizes = PRESETS[PRESET]
    target: Target = 64
    memory_limit: str = MEMORY_LIMIT
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_config(text: str) -> Config:
    """The config as YAML. Raises Refused for what is not one, or asks for what cannot be built."""
    written = _mapping(text)
    preset = written.get("preset", PRESET)
    if not isinstance(preset, str) or preset not in PRESETS:
        raise Refused(f"{FILE}: preset {preset!r} is none of {', '.join(PRESETS)}")
    settings, flags = _arguments(written.get("extra_compile_args") or [])
    config = Config(
        PRESETS[preset], memory_limit=MEMORY_LIMITS[preset], flags=flags, notes=_notes(written)
    )
    asked = {key: written[key] for key in (*_SIZE_KEYS, "target") if key in written}
    for key, value in (*asked.items(), *settings.items()):
        config = _with(config, key, value)
    return _clamped(config)


def _mapping(text: str) -> dict[str, Any]:
    try:
        written = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        raise Refused(f"{FILE} is not YAML: {_told(error)}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Refused(f"{FILE} is not YAML: {' '.join(str(error).split())}") from error
    if written is None:
        return {}
    if not isinstance(written, dict):
        raise Refused(f"{FILE} must hold keys and values, it holds {type(written).__name__}")
    return {str(key): value for key, value in written.items()}


def _told(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem}"


def _notes(written: dict[str, Any]) -> tuple[str, ...]:
    notes = [f"{FILE}: {key} is not known and has no effect" for key in written if key not in _KEYS]
    if written.get("keep_js"):
        notes.append(
            f"{FILE}: keep_js has no effect: no emscripten runs here, so that there is no process.js"
        )
    return tuple(notes)


def _arguments(given: object) -> tuple[dict[str, object], tuple[str, ...]]:
    """Sizes and width that emscripten would be told, and what any compiler can be. Raises Refused for what nothing here
    could honour."""
    settings: dict[str, object] = {}
    flags = []
    words = iter(_words(given))
    for word in words:
        if word.startswith("-s") and not word.startswith("-std="):
            key, value = _setting(word[2:] or next(words, ""))
            settings[key] = value
            continue
        flag = word + next(words, "") if word in _IN_TWO else word
        if not _HARMLESS.fullmatch(flag):
            raise Refused(f"{FILE}: {flag!r} of extra_compile_args cannot be honoured here")
        flags.append(flag)
    return settings, tuple(flags)


def _words(given: object) -> list[str]:
    if not isinstance(given, str | list):
        raise Refused(f"{FILE}: extra_compile_args must be a list, it is {type(given).__name__}")
    try:
        return shlex.split(given) if isinstance(given, str) else [str(word) for word in given]
    except ValueError as error:
        raise Refused(f"{FILE}: extra_compile_args cannot be read: {error}") from error


def _setting(text: str) -> tuple[str, object]:
    name, _, value = text.partition("=")
    if name == _WIDTH_FLAG:
        return "target", 64 if value in ("", "1", "2") else 32
    if name not in _SIZE_FLAGS:
        known = ", ".join((*_SIZE_FLAGS, _WIDTH_FLAG))
        raise Refused(
            f"{FILE}: '-s {text}' is a setting of emscripten, which does not run here; "
            f"of its settings {known} are honoured"
        )
    return _SIZE_FLAGS[name], _bytes(value)


def _bytes(value: str) -> object:
    """A size as emscripten takes it: a number, or one with a unit."""
    size = re.fullmatch(r"(\d{1,15})(?:([KMGT]?)B?)", value, re.IGNORECASE)
    return int(size[1]) * 1024 ** " KMGT".index(size[2].upper() or " ") if size else value


def _with(config: Config, key: str, value: object) -> Config:
    if key == "target":
        width = next((each for each in get_args(Target) if str(each) == str(value)), None)
        if width is None:
            note = f"{FILE}: target {value!r} is neither 32 nor 64, and 64 is built"
            return replace(config, target=64, notes=(*config.notes, note))
        return replace(config, target=width)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refused(f"{FILE}: {key} is {value!r}, a number of bytes is needed")
    limit = f"{value}-b" if key == "maximum_memory" else config.memory_limit
    return replace(
        config, sizes=replace(config.sizes, **{_SIZE_KEYS[key]: value}), memory_limit=limit
    )


def _clamped(config: Config) -> Config:
    notes, sizes = list(config.notes), config.sizes
    most = WASM32_PAGES * PAGE
    if sizes.stack < LEAST_STACK:
        # Two hundred C calls, one in another, are what Lua allows; they need nearly as much.
        notes.append(f"stack_size {sizes.stack} is raised to {LEAST_STACK}, the least that is safe")
        sizes = replace(sizes, stack=LEAST_STACK)
    if config.target == 32 and sizes.maximum > most:
        notes.append(f"maximum_memory {sizes.maximum} is lowered to {most}, all that 32 bits reach")
        sizes = replace(sizes, maximum=most)
    return replace(config, sizes=sizes, notes=tuple(notes))
