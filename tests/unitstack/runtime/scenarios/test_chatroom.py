"""A chatroom with three members, each a process of its own."""

from tests.unitstack.runtime.scenarios.scene import Scene
from unitstack.client.process import Process

LISTEN = 'Heard = {} Handlers.add("hear", "Broadcast-Notice", function (msg) table.insert(Heard, msg.Data) end)'


async def a_member(scene: Scene, room: Process, name: str) -> Process:
    member = await scene.process(name)
    await scene.run(member, LISTEN)
    await scene.send(member, room, Action="Register")
    return member


async def test_what_one_says_all_hear_and_only_members(scene: Scene) -> None:
    room = await scene.process("room", "chatroom")
    alice, bob, carol = [await a_member(scene, room, name) for name in ("alice", "bob", "carol")]

    await scene.send(alice, room, Action="Broadcast", Data="hello all")
    await scene.send(carol, room, Action="Unregister")
    await scene.send(bob, room, Action="Broadcast", Data="is carol gone?")

    heard = [await scene.value(member, "Heard") for member in (alice, bob, carol)]
    both = ["hello all", "is carol gone?"]
    assert heard == [both, both, ["hello all"]]


async def test_a_member_registers_once(scene: Scene) -> None:
    room = await scene.process("room", "chatroom")
    alice = await a_member(scene, room, "alice")

    await scene.send(alice, room, Action="Register")

    assert await scene.value(room, "Members") == [alice.id]
    assert await scene.value(alice, "Inbox[#Inbox].Data") == "Already registered."
