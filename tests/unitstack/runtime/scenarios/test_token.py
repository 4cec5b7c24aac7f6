"""A token among processes that hold it."""

from tests.unitstack.runtime.scenarios.scene import Scene
from unitstack.client.process import Process

FIRST_SUPPLY = 10_000 * 10**12
BEYOND_FLOATS = 2**70 + 1


async def balances(scene: Scene, token: Process) -> dict[str, int]:
    found = await scene.value(token, "Balances")
    return {account: int(amount) for account, amount in found.items()}


async def transfer(
    scene: Scene, token: Process, sender: Process, to: Process, quantity: int
) -> None:
    await scene.send(sender, token, Action="Transfer", Recipient=to.id, Quantity=str(quantity))


async def test_minting_adds_to_the_supply_and_to_the_token_itself(scene: Scene) -> None:
    token = await scene.process("token", "token")

    await scene.send(token, token, Action="Mint", Quantity=str(BEYOND_FLOATS))

    assert await balances(scene, token) == {token.id: FIRST_SUPPLY + BEYOND_FLOATS}
    assert await scene.value(token, "TotalSupply") == str(FIRST_SUPPLY + BEYOND_FLOATS)


async def test_only_the_token_mints(scene: Scene) -> None:
    token, alice = await scene.process("token", "token"), await scene.process("alice")

    await scene.send(alice, token, Action="Mint", Quantity="1")

    assert await scene.value(token, "TotalSupply") == str(FIRST_SUPPLY)
    assert await scene.value(alice, "Inbox[#Inbox].Tags.Action") == "Mint-Error"


async def test_both_sides_hear_of_a_transfer(scene: Scene) -> None:
    token = await scene.process("token", "token")
    alice, bob = await scene.process("alice"), await scene.process("bob")
    await transfer(scene, token, token, alice, 1000)

    await transfer(scene, token, alice, bob, 400)

    heard = "(function (m) return { m.Tags.Action, m.Tags.Quantity, m.Tags.Sender or m.Tags.Recipient } end)(Inbox[#Inbox])"
    assert await scene.value(alice, heard) == ["Debit-Notice", "400", bob.id]
    assert await scene.value(bob, heard) == ["Credit-Notice", "400", alice.id]


async def test_a_balance_is_told_to_who_asks(scene: Scene) -> None:
    token, alice = await scene.process("token", "token"), await scene.process("alice")
    await transfer(scene, token, token, alice, 1000)

    await scene.run(
        alice, f'Told = Send({{ Target = "{token.id}", Action = "Balance" }}).receive().Data'
    )

    assert await scene.value(alice, "Told") == "1000"


async def test_whatever_moves_the_sum_of_all_balances_stays(scene: Scene) -> None:
    token = await scene.process("token", "token")
    holders = [await scene.process(name) for name in ("alice", "bob", "carol")]
    await transfer(scene, token, token, holders[0], 1000)
    # Some of these are more than there is, some go to oneself, some are nothing.
    for step, quantity in enumerate((400, 700, 1, 0, 600, 999_999, 250, 250)):
        await transfer(scene, token, holders[step % 3], holders[(step * 2 + 1) % 3], quantity)

    found = await balances(scene, token)

    assert sum(found.values()) == FIRST_SUPPLY
    assert min(found.values()) >= 0
    assert sum(found[holder.id] for holder in holders) == 1000
