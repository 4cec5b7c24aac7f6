"""An item's tags as HTTP headers, none of which can pass for another; and which bytes a request asks for."""

import re
from collections.abc import Iterator

from starlette.exceptions import HTTPException

from unitstack.wire.data_item import DataItem
from unitstack.wire.tags import Tag, find

Header = tuple[bytes, bytes]

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f]")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
_ANY_TYPE = "application/octet-stream"
# What these mean is for who serves the item to say, not for who wrote it.
_OURS = re.compile(
    "access-control-.*|content-.*|cross-origin-.*|proxy-.*|sec-.*|x-.*|cookie|set-cookie2?|connection|keep-alive"
    "|transfer-encoding|te|trailer|upgrade|location|refresh|server|date|age|vary|cache-control|pragma|expires|etag"
    "|last-modified|accept-ranges|range|link|alt-svc|nel|report-to|reporting-endpoints|clear-site-data|via|warning"
    "|strict-transport-security|www-authenticate|retry-after|referrer-policy|permissions-policy|sourcemap|host"
    "|service-worker-allowed|origin-agent-cluster|timing-allow-origin|allow|status|public-key-pins.*|expect-ct"
)


def headers_of(item: DataItem) -> list[Header]:
    """The item's type, and every tag under its name in lower case. Messengers read what a process is from these."""
    headers = [
        (b"content-type", content_type(item).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    return [*headers, *_told(item.tags)]


def content_type(item: DataItem) -> str:
    """What the item says that its data is; where it does not say it in a way that a header can, bytes."""
    told = find(item.tags, "Content-Type") or ""
    fits = told.isascii() and told.strip() and not _UNWRITABLE.search(told)
    return told.strip() if fits else _ANY_TYPE


def range_of(asked: str | None, size: int) -> range | None:
    """The bytes that a `Range` asks for; None for all of them, and for what need not be understood."""
    told = _RANGE.fullmatch(asked.strip()) if asked else None
    if told is None or told.group() == "bytes=-":
        return None
    first, last = told.groups()
    if not first:
        wanted = range(max(0, size - int(last)), size)
    else:
        wanted = range(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None
    if not wanted:
        raise HTTPException(416, f"the data has {size} bytes", {"content-range": f"bytes */{size}"})
    return wanted


def _told(tags: tuple[Tag, ...]) -> Iterator[Header]:
    for name, value in tags:
        lower = name.lower()
        if _NAME.fullmatch(name) and not _OURS.fullmatch(lower) and not _UNWRITABLE.search(value):
            yield lower.encode(), value.strip().encode()
