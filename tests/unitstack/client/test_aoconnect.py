"""What of ao's own client needs no network. What it does on one is promised in tests/contracts/test_client.py."""

import json

import pytest

from tests.items import A_PROCESS, AN_ID, KEYS, a_message, a_wallet, an_item
from unitstack.client.aoconnect import AoConnect, create_signer, serialize_cron
from unitstack.errors import InvalidItem
from unitstack.stack import EngineName, StackSettings, open_stack
from unitstack.wire.ids import ModuleId
from unitstack.wire.tags import Tag

SIGNER = a_wallet("ed25519")


def test_a_cron_is_told_by_tags() -> None:
    assert serialize_cron("10-minutes", {"Action": "Tick"}) == (
        Tag("Cron-Interval", "10-minutes"),
        Tag("Cron-Tag-Action", "Tick"),
    )


@pytest.mark.parametrize("interval", ["", "1-minutes", "2-minute", "0-blocks", "1.5-hours", "soon"])
def test_an_interval_that_is_none_is_refused(interval: str) -> None:
    with pytest.raises(InvalidItem, match="a cron interval is such as"):
        serialize_cron(interval)


def test_a_signer_is_made_of_a_key() -> None:
    jwk = json.loads((KEYS / "arweave.json").read_text(encoding="utf-8"))

    assert create_signer(jwk).address == a_wallet("arweave").address


async def test_what_is_not_well_said_is_refused_before_it_is_sent() -> None:
    async with open_stack(None, settings=StackSettings(engine=EngineName.LUA)) as stack:
        ao = AoConnect(stack.units)
        forged = a_message()
        object.__setattr__(forged, "data", b"forged")

        with pytest.raises(InvalidItem, match="no scheduler is named"):
            await ao.spawn(module=ModuleId(AN_ID), signer=SIGNER)
        with pytest.raises(InvalidItem, match="signature"):
            await ao.send_signed_message(forged)
        with pytest.raises(InvalidItem, match="anchor has 5 bytes"):
            await ao.message(process=A_PROCESS, signer=SIGNER, anchor="short")
        with pytest.raises(InvalidItem, match="'AwMDA' is not base64url"):
            await ao.message(process=A_PROCESS[:5], signer=SIGNER)  # type: ignore[arg-type]  # what a person may write


@pytest.mark.parametrize("missing", ["Data-Protocol", "Module-Format", "Input-Encoding"])
async def test_a_module_says_what_it_is(missing: str) -> None:
    async with open_stack(None, settings=StackSettings(engine=EngineName.LUA)) as stack:
        known = await stack.units.gateway.item(stack.module)
        tags = [(name, value) for name, value in known.tags if name != missing]
        module = an_item(tags, b"return 1")
        await stack.units.gateway.upload(module)

        with pytest.raises(InvalidItem, match=f"Tag '{missing}': .*was not found on module"):
            await AoConnect(stack.units).spawn(
                module=ModuleId(module.id), scheduler=stack.scheduler, signer=SIGNER
            )
