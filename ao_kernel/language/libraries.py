"""Libraries that a cell may use by name although no process has such a global: they are required where they are named."""

from collections.abc import Container, Iterator

from unitstack.program.tokens import Token, code_of

LIBRARIES = {"display": ".display", "ilua": ".ilua"}
"""The names, and what `require` knows them by. A process's own names come first, and so do the cell's."""


def with_libraries(source: str, taken: Container[str]) -> str:
    """Lua in which such a name, unless it is taken, stands for its library. No line is moved."""
    uses = [use for use in _uses(source) if use[0].text not in taken]
    # A name that the cell uses in any other way, as where it assigns to it, is the cell's own.
    own = {token.text for token, is_table in uses if not is_table}
    text, done = "", 0
    for token, _ in uses:
        if token.text not in own:
            text += f'{source[done : token.start]}require("{LIBRARIES[token.text]}")'
            done = token.end
    return text + source[done:]


def _uses(source: str) -> Iterator[tuple[Token, bool]]:
    """Where such names stand as variables, and whether a field of theirs is asked for, as in `display.html`."""
    tokens = code_of(source)
    for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
        is_field = before is not None and before.text in (".", ":")
        if token.text in LIBRARIES and not is_field:
            yield token, after is not None and after.text == "."
