"""What processes write is shown as text, wherever it is shown, and nothing of it runs."""

from collections.abc import Callable
from html import unescape

import pytest

from ao_kernel.errors.failures import Raised
from ao_kernel.pictures import graph, mermaid, plain, sequence, timeline
from ao_kernel.pictures.deliveries import Delivery, Party
from ao_kernel.pictures.topology import Node, Topology, edges_of
from ao_kernel.telling.summary import summary_bundle, trace_table
from tests.ao_kernel.pictures.drawing import attributes, elements

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</text></svg><iframe src=javascript:alert(1)>",
    "<![CDATA[<b>",
    "]]>&lt;b&gt;<!--",
    "\x1b[31mred\x1b]0;owned\x07",
    "\u202etxt.exe\u2066",
    "\x00\x07\x08\ud800\uffff",
    "```\n# heading\n```mermaid\nclick p0 href",
    'p0->>p1: forged\nend\n%%{init: {"securityLevel": "loose"}}%%',
    "x" * 1_000_000,
    "<b>" * 300_000,
]
SHAPES = {"svg", "title", "desc", "rect", "line", "text", "tspan", "path", "polygon", "g"}


def a_delivery(text: str) -> tuple[Delivery, ...]:
    sender, receiver = Party("a", text), Party("b", text, is_process=False)
    failed = Delivery(sender, receiver, text, text, f"error: {text}", Raised(text), nonce=1)
    lost = Delivery(receiver, sender, text, text, text, is_lost=True)
    return failed, lost, Delivery(sender, sender, text, text, "ok", nonce=2, waits=1)


def a_topology(text: str) -> Topology:
    party = Party("a", text)
    node = Node(party, 3, crons=(text,), owner=Party("b", text), trusts=(Party("b", text),))
    return Topology((node, Node(Party("b", text))), edges_of(a_delivery(text)))


SVGS: list[Callable[[str], str]] = [
    lambda text: sequence.svg(a_delivery(text), text),
    lambda text: timeline.svg(a_delivery(text), text),
    lambda text: graph.svg(a_topology(text), text),
]
HTML: list[Callable[[str], str]] = [
    lambda text: str(summary_bundle(a_delivery(text), (text,))["text/html"]),
    lambda text: trace_table(a_delivery(text)).to_html(),
    lambda text: timeline.to_table(a_delivery(text)).to_html(),
    lambda text: a_topology(text).to_table().to_html(),
    lambda text: a_topology(text).nodes_table().to_html(),
]
PLAIN: list[Callable[[str], str]] = [
    lambda text: plain.sequence(a_delivery(text)),
    lambda text: str(summary_bundle(a_delivery(text), (text,))["text/plain"]),
    lambda text: timeline.to_plain(a_delivery(text)),
    lambda text: a_topology(text).to_plain(),
]
MERMAID: list[Callable[[str], str]] = [
    lambda text: mermaid.sequence(a_delivery(text)),
    lambda text: a_topology(text).to_mermaid(),
]
TAGS = ("details", "summary", "table", "thead", "tbody", "tr", "th", "td", "pre", "div")


@pytest.mark.parametrize("render", SVGS)
@pytest.mark.parametrize("text", HOSTILE)
def test_in_svg_it_is_text(render: Callable[[str], str], text: str) -> None:
    picture = render(text)

    assert elements(picture) <= SHAPES
    assert not {name for name in attributes(picture) if name.startswith("on") or "href" in name}


@pytest.mark.parametrize("render", HTML)
@pytest.mark.parametrize("text", HOSTILE)
def test_in_html_it_is_text(render: Callable[[str], str], text: str) -> None:
    html = render(text)

    for tag in TAGS:
        html = html.replace(f"</{tag}>", "").replace(f"<{tag}>", "")
    html = html.replace('<th style="text-align:left">', "")
    assert "<" not in html.replace('<td style="text-align:left">', "")


@pytest.mark.parametrize("render", [*PLAIN, *HTML, *MERMAID, *SVGS])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_steers_a_terminal_or_turns_text_around(
    render: Callable[[str], str], text: str
) -> None:
    shown = unescape(render(text[:100_000]))

    assert not set("\x00\x07\x08\x1b\u202e\u2066\ud800\uffff") & set(shown)


@pytest.mark.parametrize("render", [*PLAIN, *MERMAID])
@pytest.mark.parametrize("text", HOSTILE)
def test_it_makes_no_line_and_no_picture_longer_than_a_page(
    render: Callable[[str], str], text: str
) -> None:
    assert len(render(text)) < 20_000


@pytest.mark.parametrize("render", MERMAID)
@pytest.mark.parametrize("text", HOSTILE)
def test_mermaid_reads_nothing_of_it(render: Callable[[str], str], text: str) -> None:
    diagram = render(text)

    assert "```" not in diagram
    assert "%%" not in diagram
    assert not any(line.strip() == "end" for line in diagram.split("\n"))
    assert "<" not in diagram.replace("<br/>", "")
