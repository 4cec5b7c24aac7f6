"""Stakes that are locked for a number of blocks, and votes that weigh as much as they."""

from tests.unitstack.runtime.scenarios.scene import Scene
from unitstack.client.process import Process

DELAY = 670


async def a_dao(scene: Scene) -> Process:
    return await scene.process("dao", "token", "staking", "voting")


async def a_holder(scene: Scene, dao: Process, name: str, quantity: int) -> Process:
    holder = await scene.process(name)
    await scene.send(dao, dao, Action="Transfer", Recipient=holder.id, Quantity=str(quantity))
    return holder


async def test_a_stake_comes_back_when_its_blocks_are_over(scene: Scene) -> None:
    dao = await a_dao(scene)
    alice = await a_holder(scene, dao, "alice", 1000)
    balance = f'Balances["{alice.id}"]'
    await scene.send(alice, dao, Action="Stake", Quantity="600")
    await scene.send(alice, dao, Action="Unstake", Quantity="600")

    scene.blocks.mine(DELAY - 1)
    await scene.nudge(dao)
    before = await scene.value(dao, balance)
    scene.blocks.mine(1)
    await scene.nudge(dao)

    assert (before, await scene.value(dao, balance)) == ("400", "1000")


async def test_no_unit_is_lost_while_it_is_staked(scene: Scene) -> None:
    dao = await a_dao(scene)
    alice = await a_holder(scene, dao, "alice", 1000)
    await scene.send(alice, dao, Action="Stake", Quantity="600")
    await scene.send(alice, dao, Action="Unstake", Quantity="250")

    balances = await scene.value(dao, "Balances")
    staked = await scene.value(dao, f'Stakers["{alice.id}"].amount')
    leaving = await scene.value(dao, f'Unstaking["{alice.id}"].amount')

    total = sum(map(int, balances.values())) + int(staked) + int(leaving)
    assert total == int(await scene.value(dao, "TotalSupply"))


async def test_a_vote_passes_by_stakes_and_not_by_heads(scene: Scene) -> None:
    dao = await a_dao(scene)
    for name, stake, side in (("alice", 600, "yay"), ("bob", 250, "nay"), ("carol", 300, "nay")):
        holder = await a_holder(scene, dao, name, stake)
        await scene.send(holder, dao, Action="Stake", Quantity=str(stake))
        await scene.run(
            holder,
            f'ao.send({{ Target = "{dao.id}", Action = "Vote", Side = "{side}", Deadline = "10",'
            ' Tags = { Target = "idea" } })',
        )
    votes = await scene.value(dao, "{ Votes.idea.yay, Votes.idea.nay }")

    scene.blocks.mine(9)
    before = await scene.nudge(dao)
    scene.blocks.mine(1)
    after = await scene.nudge(dao)

    assert votes == ["600", "550"]
    assert "Handle Vote" not in str(before.output.data)
    assert "Handle Vote" in str(after.output.data)
    assert await scene.value(dao, "Votes") == []
