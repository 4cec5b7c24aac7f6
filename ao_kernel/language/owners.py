"""What a value is that stands before a dot, as far as the text tells: a message, a text, what Send gives, a module. A rule;
the process is not asked."""

from collections.abc import Sequence

from unitstack.program.tokens import Kind, Token, code_of, string_value

MESSAGE, SENT, SPAWNED, TEXT, TAGS = "msg", "sent", "spawned", "string", "tags"

CALLS = {
    "Receive": MESSAGE,
    "receive": MESSAGE,
    "Send": SENT,
    "send": SENT,
    "Spawn": SPAWNED,
    "spawn": SPAWNED,
    **dict.fromkeys(
        ("tostring", "format", "upper", "lower", "rep", "sub", "gsub", "concat", "encode"), TEXT
    ),
}
"""What a call of that name gives."""

PAIRS = {")": "(", "]": "[", "}": "{"}
TAKES_HANDLER = frozenset(("add", "append", "prepend", "once", "onReply"))


def owner_of(tokens: Sequence[Token], depth: int = 3) -> str:
    """What the expression is that these tokens end with; empty where the text does not tell."""
    if not tokens or depth == 0:
        return ""
    last = tokens[-1]
    if last.kind is Kind.STRING:
        return TEXT
    if last.text in (")", "]"):
        return _of_brackets(tokens, depth)
    return _of_name(tokens, depth) if last.kind is Kind.NAME else ""


def _of_brackets(tokens: Sequence[Token], depth: int) -> str:
    start = opening(tokens, len(tokens) - 1)
    before = tokens[:start] if start is not None else ()
    if start is None or not before:
        return ""
    name = before[-1]
    if tokens[-1].text == "]":
        return MESSAGE if name.text == "Inbox" else ""
    if name.text == "require":
        return _module(tokens[start + 1 :])
    if name.text == ")":
        # What require gives is called at once, as in require(".bint")(256).
        return _of_brackets(before, depth)
    return CALLS.get(name.text, "")


def _module(inside: Sequence[Token]) -> str:
    first = inside[0] if inside else None
    return string_value(first).lstrip(".") if first and first.kind is Kind.STRING else ""


def opening(tokens: Sequence[Token], index: int) -> int | None:
    """The place of the bracket that the one at this place closes."""
    depth = 0
    for place in range(index, -1, -1):
        depth += (tokens[place].text in PAIRS) - (tokens[place].text in PAIRS.values())
        if depth == 0:
            return place
    return None


def _of_name(tokens: Sequence[Token], depth: int) -> str:
    if len(tokens) > 1 and tokens[-2].text in (".", ":"):
        return TAGS if tokens[-1].text == "Tags" and owner_of(tokens[:-2], depth) == MESSAGE else ""
    name = tokens[-1].text
    if _is_handed_over(tokens, name):
        return MESSAGE
    for index in range(len(tokens) - 2, 0, -1):
        if tokens[index].text == "=" and tokens[index - 1].text == name:
            return owner_of(_expression(tokens, index + 1), depth - 1)
    return MESSAGE if name in ("msg", "message") else ""


def _is_handed_over(tokens: Sequence[Token], name: str) -> bool:
    """Whether a handler's function takes it, or a loop over the inbox gives it."""
    for index, token in enumerate(tokens[:-1]):
        if token.text != name:
            continue
        behind = [each.text for each in tokens[max(0, index - 2) : index]]
        ahead = [each.text for each in tokens[index + 1 : index + 5]]
        if behind == ["function", "("] and _is_handlers(tokens, index - 3):
            return True
        if ahead == ["in", "ipairs", "(", "Inbox"]:
            return True
    return False


def _is_handlers(tokens: Sequence[Token], index: int) -> bool:
    depth = 0
    for place in range(index, 0, -1):
        depth += (tokens[place].text in PAIRS) - (tokens[place].text in PAIRS.values())
        if depth < 0:
            return tokens[place - 1].text in TAKES_HANDLER
    return False


def _expression(tokens: Sequence[Token], start: int) -> Sequence[Token]:
    """The tokens of one expression: to the end of its brackets and of what is joined to it by dots."""
    end = start
    while end < len(tokens):
        if tokens[end].text in PAIRS.values():
            end = _closing(tokens, end)
        is_joined = end + 1 < len(tokens) and tokens[end + 1].text in (".", ":", "(", "[", "..")
        if not is_joined and tokens[end].text not in (".", ":", ".."):
            break
        end += 1
    return tokens[start : end + 1]


def _closing(tokens: Sequence[Token], index: int) -> int:
    depth = 0
    for place in range(index, len(tokens)):
        depth += (tokens[place].text in PAIRS.values()) - (tokens[place].text in PAIRS)
        if depth == 0:
            return place
    return len(tokens) - 1


def expecting(tokens: Sequence[Token]) -> str:
    """Whose table the end of the text is in: `message` for what Send and its like take, `pattern` for what Receive takes;
    empty elsewhere."""
    depth = 0
    for place in range(len(tokens) - 1, 0, -1):
        depth += (tokens[place].text in PAIRS) - (tokens[place].text in PAIRS.values())
        if depth < 0:
            return _taken(tokens, place)
    return ""


def _taken(tokens: Sequence[Token], place: int) -> str:
    if tokens[place].text != "{":
        return ""
    called = tokens[place - 2 if tokens[place - 1].text == "(" else place - 1]
    if called.text in ("Send", "send", "Spawn", "spawn", "reply"):
        return "message"
    return "pattern" if called.text in ("Receive", "receive", "once", "add", "prepend") else ""


def owner_before(text: str) -> str:
    """What stands at the end of a text; `owner_of` of its tokens."""
    return owner_of(code_of(text))
