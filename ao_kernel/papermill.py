"""Parameters of papermill as Lua. papermill knows translators by registration only, and loads ours by an entry point."""

# mypy: disable-error-code="no-untyped-call"
# papermill is untyped.

import math
import re
from typing import Any

from papermill.engines import NBClientEngine  # type: ignore[import-untyped]
from papermill.models import Parameter  # type: ignore[import-untyped]
from papermill.translators import (  # type: ignore[import-untyped]
    Translator,
    papermill_translators,
)

KERNEL = "ao"
ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*?)\s*(?:--\s*(?P<help>.*))?")
BYTES_OF_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class LuaTranslator(Translator):  # type: ignore[misc]
    """Writes values as Lua literals, and reads a cell's assignments."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        escaped = val.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{BYTES_OF_CONTROL.sub(_escape, escaped)}"'

    translate_escaped_str = translate_str

    @classmethod
    def translate_none(cls, val: None) -> str:
        return "nil"

    @classmethod
    def translate_int(cls, val: int) -> str:
        # Beyond 64 bits a numeral would become an inexact float: as text it can be given to bint.
        return str(val) if -(2**63) < val < 2**63 else f'"{val}"'

    @classmethod
    def translate_float(cls, val: float) -> str:
        if math.isnan(val):
            return "(0/0)"
        return repr(val) if math.isfinite(val) else f"{'-' if val < 0 else ''}math.huge"

    @classmethod
    def translate_dict(cls, val: dict[str, Any]) -> str:
        return cls._table(
            f"[{cls.translate(str(key))}] = {cls.translate(each)}" for key, each in val.items()
        )

    @classmethod
    def translate_list(cls, val: list[Any]) -> str:
        return cls._table(map(cls.translate, val))

    @classmethod
    def translate(cls, val: object) -> str:
        """What has no form of its own in Lua, such as a date, is its text."""
        known = val is None or isinstance(val, str | bool | int | float | dict | list)
        return str(super().translate(val if known else str(val)))

    @classmethod
    def comment(cls, cmt_str: str) -> str:
        return f"-- {cmt_str}"

    @classmethod
    def inspect(cls, parameters_cell: Any) -> list[Any]:
        """The parameters that a cell gives values to; whatever else stands there is passed over."""
        lines = str(parameters_cell["source"]).splitlines()
        found = (ASSIGNMENT.fullmatch(line.strip()) for line in lines)
        return [
            Parameter(
                name=each["name"],
                inferred_type_name="None",
                default=each["value"],
                help=each["help"] or "",
            )
            for each in found
            if each is not None
        ]

    @staticmethod
    def _table(fields: Any) -> str:
        return f"{{ {', '.join(fields)} }}"


def _escape(found: re.Match[str]) -> str:
    return f"\\{ord(found[0]):03d}"


class Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, under the name by which it finds us."""


papermill_translators.register(KERNEL, LuaTranslator)
