"""What a name is: Lua's standard library, the ao environment, ao's words and the kernel's own commands, in our words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

PAGES = ("ao", "modules", "lua", "words")
MODULES = ("base64", "bint", "crypto", "json", "pretty", "stringify")
"""What is no global: a program requires it, and gives it that name as a rule."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A name with the form in which it is used, and what there is to say about it."""

    name: str
    form: str
    text: str

    def to_plain(self) -> str:
        return f"{self.form}\n\n{self.text}"

    def to_html(self) -> str:
        return f"<pre><b>{escape(self.form)}</b>\n\n{escape(self.text)}</pre>"


def parse_topics(page: str) -> dict[str, Topic]:
    """A page's topics by name: a form at the line's start, what it does below it."""
    topics = {}
    for block in re.split(r"\n\s*\n", page.strip()):
        form, _, text = block.partition("\n")
        name = re.split(r"[(\s]", form, maxsplit=1)[0].replace(":", ".")
        topics[name] = Topic(name, form, re.sub(r"^    ", "", text, flags=re.MULTILINE))
    return topics


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic of the pages that come with the kernel."""
    folder = files("ao_kernel.language") / "reference"
    pages = ((folder / f"{page}.txt").read_text(encoding="utf-8") for page in PAGES)
    return {name: topic for page in pages for name, topic in parse_topics(page).items()}


def find_topic(name: str) -> Topic | None:
    """The topic of that name; a method on an unknown value is looked for on strings and messages."""
    known = topics()
    last = name.rpartition(".")[2]
    wanted = (name, *(f"{owner}.{last}" for owner in ("string", "msg") if "." in name))
    return next((known[key] for key in wanted if key in known), None)


def static_names() -> dict[str, str]:
    """The names that every aos process has, with their kinds: what can be offered before a process was asked."""
    found = {name: "function" if "(" in topic.form else "table" for name, topic in topics().items()}
    words = parse_topics(
        (files("ao_kernel.language") / "reference" / "words.txt").read_text(encoding="utf-8")
    )
    owners = {name.rpartition(".")[0]: "table" for name in found if "." in name}
    return {
        name: kind
        for name, kind in (owners | found).items()
        if name not in words and name.split(".")[0] not in ("msg", *MODULES)
    }


@cache
def module_names() -> Mapping[str, str]:
    """What the modules have that are no globals, by the names that programs give them."""
    inner = [
        topic for name, topic in topics().items() if name.split(".")[0] in MODULES and "." in name
    ]
    return {t.name: "function" if "(" in t.form else "table" for t in inner}
