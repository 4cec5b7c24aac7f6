"""A process makes another, and works with it by waiting for answers."""

from tests.unitstack.runtime.scenarios.scene import Scene

WORKER = 'Handlers.add("double", "Double", function (msg) msg.reply({ Data = tostring(2 * tonumber(msg.Data)) }) end)'
PARENT = """
local child = Spawn(ao._module, {{
  Authority = ao.authorities[1], ["On-Boot"] = "Data", Data = [[{worker}]], Name = "kid",
}}).receive()
Child = child.Process
Action = child.Action
Doubled = Send({{ Target = Child, Action = "Double", Data = "21" }}).receive().Data
"""


async def test_a_child_that_was_waited_for_answers(scene: Scene) -> None:
    parent = await scene.process("parent")

    await scene.run(parent, PARENT.format(worker=WORKER))

    child = scene.client.process(await scene.value(parent, "Child"))
    assert await scene.value(parent, "{ Action, Doubled }") == ["Spawned", "42"]
    assert [scheduled.message async for scheduled in child.messages()][-1] is not None


async def test_a_child_that_trusts_nobody_never_answers(scene: Scene) -> None:
    parent = await scene.process("parent")

    await scene.run(
        parent,
        'Child = Spawn(ao._module, { Name = "kid", Authority = "NOBODY" }).receive().Process',
    )
    await scene.run(
        parent,
        'Send({ Target = Child, Action = "Double", Data = "21" }).onReply(function () Answered = true end)',
    )

    assert await scene.value(parent, "tostring(Answered)") == "nil"


async def test_several_waits_end_in_the_order_of_their_answers(scene: Scene) -> None:
    parent, worker = await scene.process("parent"), await scene.process("worker")
    await scene.run(worker, WORKER)

    await scene.run(
        parent,
        "Doubled = {} for n = 1, 3 do table.insert(Doubled, Send({"
        f' Target = "{worker.id}", Action = "Double", Data = tostring(n) }}).receive().Data) end',
    )

    assert await scene.value(parent, "Doubled") == ["2", "4", "6"]
