"""Two bots play a round in an arena for a token: each is a process, and so are the arena and the token."""

from tests.unitstack.runtime.scenarios.scene import Scene
from unitstack.client.process import Process

STAKE = 1000
RULES = """
PaymentToken = "{token}"
PlayerInitState = {{ health = 100 }}
Handlers.add("attack", "Attack", function (msg)
  local target = Players[msg.Tags.Victim]
  if not Players[msg.From] or not target then return end
  target.health = target.health - 50
  if target.health <= 0 then eliminatePlayer(msg.Tags.Victim, msg.From) end
end)
"""
# A bot pays when the arena waits for players, and strikes at whoever else is there when a game has started.
BOT = """
Handlers.add("announced", "Announcement", function (msg)
  Events = Events or {{}}
  table.insert(Events, msg.Tags.Event)
  if msg.Tags.Event == "Started-Game" then Send({{ Target = "{arena}", Action = "GetGameState" }}) end
end)
Handlers.add("registered", "Registered", function ()
  Send({{ Target = "{token}", Action = "Transfer", Recipient = "{arena}", Quantity = "{stake}" }})
end)
"""
STRIKER = """
Handlers.add("state", "GameState", function (msg)
  for player in pairs(require("json").decode(msg.Data).Players) do
    if player ~= ao.id then
      for _ = 1, 2 do Send({{ Target = "{arena}", Action = "Attack", Victim = player }}) end
    end
  end
end)
"""


async def a_bot(scene: Scene, name: str, token: Process, arena: Process) -> Process:
    bot = await scene.process(name)
    await scene.run(bot, BOT.format(arena=arena.id, token=token.id, stake=STAKE))
    await scene.send(token, token, Action="Transfer", Recipient=bot.id, Quantity=str(STAKE))
    await scene.send(bot, arena, Action="Register")
    return bot


async def an_arena(scene: Scene, token: Process) -> Process:
    """An arena that holds a bonus. It was cast: who is told of a payment is a player."""
    arena = await scene.process("arena", "arena")
    await scene.run(arena, RULES.format(token=token.id))
    await scene.send(
        token, token, Action="Transfer", Recipient=arena.id, Quantity=str(STAKE), Cast="yes"
    )
    return arena


async def balance(scene: Scene, token: Process, holder: Process) -> int:
    return int(await scene.value(token, f'Balances["{holder.id}"]'))


async def test_the_winner_has_the_stakes_and_the_bonus(scene: Scene) -> None:
    token = await scene.process("token", "token")
    arena = await an_arena(scene, token)
    striker, victim = [await a_bot(scene, name, token, arena) for name in ("striker", "victim")]
    await scene.run(striker, STRIKER.format(arena=arena.id))

    scene.blocks.mine(2)
    await scene.nudge(arena)

    held = [await balance(scene, token, holder) for holder in (striker, victim, arena)]
    assert held == [3 * STAKE, 0, 0]
    assert await scene.value(victim, "Inbox[#Inbox].Tags.Action") == "Eliminated"
    assert (await scene.value(striker, "Events"))[-2:] == ["Game-Ended", "Started-Waiting-Period"]


async def test_who_waits_alone_has_the_stake_back(scene: Scene) -> None:
    token = await scene.process("token", "token")
    arena = await an_arena(scene, token)
    alone = await a_bot(scene, "alone", token, arena)
    paid = await balance(scene, token, alone)

    scene.blocks.mine(2)
    await scene.nudge(arena)

    assert (paid, await balance(scene, token, alone)) == (0, STAKE)
