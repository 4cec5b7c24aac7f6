"""Where a scheduler is to be found: the item by which clients learn its URL from its address."""

import secrets

from unitstack.units import Gateway, Search
from unitstack.wire.ids import ID_BYTES, Address
from unitstack.wire.keys import Signer, sign
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag, find

TYPE = "Scheduler-Location"
# Long enough to spare a client most look-ups, short enough that a network which starts on other ports is found again.
TIME_TO_LIVE = 60_000


def location_draft(url: str, anchor: bytes = b"") -> Draft:
    """What a scheduler signs. Clients refuse a location without both tags, and other units one without data."""
    tags = (
        Tag("Data-Protocol", "ao"),
        Tag("Variant", "ao.TN.1"),
        Tag("Type", TYPE),
        Tag("Url", url),
        Tag("Time-To-Live", str(TIME_TO_LIVE)),
    )
    return Draft(tags=tags, data=url.encode(), anchor=anchor)


async def announce(gateway: Gateway, signer: Signer, address: Address, url: str) -> None:
    """Has the gateway tell that the scheduler of that address is at the URL, unless it is the newest that it tells."""
    search = Search(owners=(address,), tags=(("Type", (TYPE,)),), limit=1)
    newest = (await gateway.search(search)).items
    if not newest or find(newest[0].tags, "Url") != url:
        # Without it, a scheduler that comes back to a URL would sign its old location again, which is no newer for that.
        anchor = secrets.token_hex(ID_BYTES // 2).encode()
        await gateway.upload(sign(signer, location_draft(url, anchor)))
