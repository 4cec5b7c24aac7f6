import json
from pathlib import Path

import pytest

from ao_kernel.cells import MagicCell, parse_cell
from ao_kernel.chronicle.glance import LETTERS
from ao_kernel.language.commands import CELL_NAMES
from ao_kernel.magics import MAGICS, arguments_of, topic_of
from ao_kernel.outputs import CellFailed, CellOutput, Cleared, Failed, Paged, Printed, Shown
from ao_kernel.running import run_code
from ao_kernel.session import Session, open_session
from tests.ao_kernel.network import FakeNetwork, failing, printed, returned
from unitstack.wire.results import EvalResult, Output


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork()


@pytest.fixture
async def session(network: FakeNetwork) -> Session:
    session = Session(network, lambda output: None)
    await session.spawn("alice")
    return session


async def run(session: Session, code: str) -> list[CellOutput]:
    outputs: list[CellOutput] = []
    await run_code(session, code, outputs.append)
    return outputs


@pytest.mark.parametrize(
    ("code", "mime", "text"),
    [
        ("%html <b>x</b>", "text/html", "<b>x</b>"),
        ("%%html\n<b>\nx</b>", "text/html", "<b>\nx</b>"),
        ("%markdown *x*", "text/markdown", "*x*"),
        ("%%svg\n<svg/>", "image/svg+xml", "<svg/>"),
    ],
)
async def test_rich_text_is_shown_with_its_plain_form(
    session: Session, code: str, mime: str, text: str
) -> None:
    assert await run(session, code) == [Shown({"text/plain": text, mime: text})]


async def test_what_was_shown_is_cleared(session: Session) -> None:
    assert await run(session, "%clear") == [Cleared()]


async def test_a_file_is_loaded_with_all_that_it_requires(
    session: Session, network: FakeNetwork, tmp_path: Path
) -> None:
    (tmp_path / "main.lua").write_text('return require("part")', encoding="utf-8")
    (tmp_path / "part.lua").write_text("return 7", encoding="utf-8")

    outputs = await run(session, f'.load "{tmp_path / "main.lua"}"')

    assert outputs[-1] == Printed("loaded main.lua, part.lua\n")
    sent = next(iter(network.logs.values()))[-1][0].message
    assert sent is not None
    assert b'-- module: "part"' in sent.item.data


async def test_an_error_in_a_loaded_file_names_the_file_and_its_line(
    session: Session, network: FakeNetwork, tmp_path: Path
) -> None:
    path = tmp_path / "main.lua"
    path.write_text("x = 1\nx.y.z = 2", encoding="utf-8")
    network.answers[path.read_text(encoding="utf-8")] = failing(
        "attempt to index a nil value (field 'y')", 2
    )

    with pytest.raises(CellFailed) as raised:
        await run(session, f"%load {path}")

    assert raised.value.failure.traceback[1:3] == ("main.lua:2 | x.y.z = 2", "               ^")


async def test_the_inbox_is_a_table_of_names(session: Session, network: FakeNetwork) -> None:
    alice = session.world.find_id("alice")
    rows = [["1", alice, "Ping", "hello"], ["2", "x" * 43, "", "y" * 100]]
    network.answers[LETTERS.format(count=10)] = returned(json.dumps({"rows": rows}))

    (shown,) = await run(session, "%inbox")

    assert isinstance(shown, Shown)
    assert str(shown.data["text/plain"]).split("\n")[1].split() == ["1", "alice", "Ping", "hello"]
    assert "xxxxxx…" in str(shown.data["text/html"])


async def refusal(session: Session, code: str) -> Failed:
    with pytest.raises(CellFailed) as raised:
        await run(session, code)
    return raised.value.failure


async def test_an_inbox_that_cannot_be_read_is_not_called_empty(
    session: Session, network: FakeNetwork
) -> None:
    network.answers[LETTERS.format(count=3)] = failing("Inbox is nil")

    failure = await refusal(session, ".inbox 3")

    assert failure.message == "alice does not show its inbox: Inbox is nil"
    assert failure.traceback[1] == "  1 | .inbox 3"


async def test_the_inbox_of_anothers_process_is_for_its_owner_alone(
    session: Session, network: FakeNetwork
) -> None:
    child = await network.spawn("child", (("From-Process", session.world.find_id("alice") or ""),))
    await session.use(child)
    network.answers[LETTERS.format(count=10)] = printed("New Message From you")

    failure = await refusal(session, "%inbox")

    assert failure.message == "child belongs to alice: only its owner can look into its inbox"


@pytest.mark.parametrize("said", ["hello", "[]", "7", '{"rows": [["1"]]}'])
async def test_what_is_no_inbox_is_quoted(
    session: Session, network: FakeNetwork, said: str
) -> None:
    network.answers[LETTERS.format(count=10)] = printed(said)

    failure = await refusal(session, "%inbox")

    assert failure.message == f"alice does not show its inbox, but {said!r}"


async def test_tables_are_without_terminal_colours(session: Session, network: FakeNetwork) -> None:
    rows = [["1", "\x1b[31mbob\x1b[0m", "\x1b[31mPing\x1b[0m", "\x1b[32mhello\x1b[0m"]]
    network.answers[LETTERS.format(count=10)] = returned(json.dumps({"rows": rows}))
    network.answers["x = '\x1b[34mblue\x1b[0m'"] = printed("\x1b[34mblue\x1b[0m")
    await run(session, "x = '\x1b[34mblue\x1b[0m'")

    shown = [*await run(session, "%inbox"), *await run(session, "%log")]

    assert "hello" in str(shown[0])
    assert "blue" in str(shown[1])
    assert "x1b" not in str(shown)


async def test_a_table_in_an_inbox_is_shown_by_what_it_holds(tmp_path: Path) -> None:
    session = await open_session(tmp_path, None, lambda output: None)
    await run(session, "%engine lua")

    outputs = await run(
        session,
        "table.insert(Inbox, { From = 'bob', Tags = {}, Data = { a = 1 } })\n"
        "table.insert(Inbox, { From = 'bob', Tags = {}, Data = { print } })\nreturn nil",
    )
    (shown,) = await run(session, "%inbox 2")
    await session.close()

    assert isinstance(shown, Shown)
    assert '{"a":1}' in str(shown.data["text/plain"])
    assert "table: 0x" not in str((outputs, shown))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("%summary maybe", "%summary is on or off, not 'maybe'"),
        ("%ps x", "%ps takes nothing behind it"),
        (".reset bob", ".reset takes nothing behind it"),
        ("%spawn a b", "a tag is Name=value, not 'b'"),
        ("%spawn a =b", "a tag is Name=value, not '=b'"),
        ("%%dryrun\n\n", "%%dryrun wants Lua below it"),
        (".foo", "there is no magic .foo"),
        (".load", ".load wants a file"),
        (".load x.txt", ".load wants a .lua file, x.txt is none"),
        (".log alice x", ".log does not know what 'x' is for"),
    ],
)
async def test_wrong_arguments_are_refused_as_they_were_typed(
    session: Session, code: str, message: str
) -> None:
    failure = await refusal(session, code)

    typed = code.split("\n", maxsplit=1)[0]
    assert failure.message == message
    assert failure.traceback[1:3] == (f"  1 | {typed}", f"      {'^' * len(typed.split()[0])}")
    assert (session.settings.summary, session.settings.dry) == (True, False)
    assert session.world.names == ("alice",)


async def test_a_file_that_is_no_text_is_named_with_its_byte(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "main.lua").write_text('require("part")', encoding="utf-8")
    part = tmp_path / "part.lua"
    part.write_bytes(b"return '\xe9'")

    failure = await refusal(session, f"%load {tmp_path / 'main.lua'}")

    assert failure.message == f"{part} is not UTF-8: byte 9 is 0xe9"


async def test_cron_can_be_watched_and_left_alone(session: Session, network: FakeNetwork) -> None:
    await run(session, ".monitor")
    assert network.monitored == [session.world.find_id("alice")]

    await run(session, ".unmonitor")
    assert network.monitored == []


async def test_new_processes_run_on_the_engine_that_was_chosen(
    session: Session, network: FakeNetwork
) -> None:
    await run(session, "%engine lua")

    assert network.engine == "lua"


async def test_an_unknown_engine_is_refused_with_those_that_there_are(session: Session) -> None:
    with pytest.raises(CellFailed) as raised:
        await run(session, "%engine warp")

    assert raised.value.failure.traceback[-1] == "hint: one of: wasm, lua"


@pytest.mark.parametrize("code", [".editor", ".pad", ".update", ".exit", ".live", ".pause"])
async def test_the_consoles_other_commands_say_what_is_to_be_done_here(
    session: Session, code: str
) -> None:
    (told,) = await run(session, code)

    assert isinstance(told, Printed)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Send", "Send(message)"),
        ("%spawn", "%spawn NAME"),
        ("", "%budget [MESSAGES]"),
        ("string.gsub", "first capture"),
        ("Authority", "process tag"),
        ("spawn", "%spawn NAME"),
    ],
)
async def test_help_is_a_page(session: Session, name: str, words: str) -> None:
    (page,) = await run(session, f"%help {name}")

    assert isinstance(page, Paged)
    assert words in str(page.data["text/plain"])


async def test_help_on_what_only_the_process_has_says_what_it_is(session: Session) -> None:
    session.names.kinds["Shop"] = "table"

    topic = await topic_of(session, "Shop")

    assert topic is not None
    assert topic.text == "a table of alice"


@pytest.mark.parametrize("code", ["shop-2?", "%help shop-2"])
async def test_help_on_a_process_says_which_it_is(session: Session, code: str) -> None:
    shop = await session.spawn("shop-2")
    await session.use("alice")

    (page,) = await run(session, code)

    assert isinstance(page, Paged)
    assert page.data["text/plain"] == f"shop-2\n\na process\nid     {shop}\nnonce  0"


async def test_help_that_does_not_exist_is_answered_with_what_was_meant(session: Session) -> None:
    with pytest.raises(CellFailed) as raised:
        await run(session, "Handlers.ad?")

    assert raised.value.failure.traceback[-1] == "hint: did you mean Handlers.add?"


async def test_every_magic_says_how_it_is_used(session: Session) -> None:
    called = {name: CELL_NAMES.get(name, name) for name in (*MAGICS, *CELL_NAMES)}
    by_usage = {called[magic.usage.split()[0].lstrip("%")] for magic in MAGICS.values()}

    assert by_usage | {"time"} == set(MAGICS)
    assert all(magic.text for magic in MAGICS.values())


async def test_what_can_follow_a_magic_is_known(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.lua").touch()
    monkeypatch.chdir(tmp_path)

    assert arguments_of(session, "use") == ("alice",)
    assert arguments_of(session, "load") == ("a.lua",)
    assert arguments_of(session, "summary") == ("on", "off")
    assert arguments_of(session, "engine") == ("wasm", "lua")
    assert "Send" in arguments_of(session, "help")
    assert arguments_of(session, "ps") == ()


@pytest.mark.parametrize(
    "command",
    [
        ".load",
        ".load-blueprint",
        ".load_blueprint",
        ".editor",
        ".monitor",
        ".unmonitor",
        ".dryrun",
        ".live",
        ".pause",
        ".pad",
        ".help",
        ".update",
        ".exit",
    ],
)
def test_every_command_of_the_console_has_its_magic(command: str) -> None:
    (typed,) = parse_cell(command)
    (magic,) = parse_cell(f"%{command[1:]}")

    assert isinstance(typed, MagicCell)
    assert typed.name in MAGICS
    assert typed == magic


async def test_the_prompt_is_what_the_console_would_show(network: FakeNetwork) -> None:
    network.answers[""] = EvalResult(output=Output(prompt="\x1b[32mbob\x1b[0m@aos-2[Inbox:1]> "))
    session = Session(network, lambda output: None)

    (shown,) = await run(session, "%prompt")
    assert isinstance(shown, Shown)
    assert shown.data["text/plain"] == "bob@aos-2[Inbox:1]>"


async def test_files_are_offered_folder_by_folder(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "b.lua").touch()
    (tmp_path / "notes.txt").touch()
    monkeypatch.chdir(tmp_path)

    assert arguments_of(session, "load", "") == ("lib/",)
    assert arguments_of(session, "load", "lib/") == ("lib/b.lua",)
    assert arguments_of(session, "load", "nowhere/x") == ()


async def test_options_are_those_that_the_usage_lists(session: Session) -> None:
    assert {"mu=", "gateway=", "local"} <= set(arguments_of(session, "connect"))
    assert "live" in arguments_of(session, "inbox")
    assert "value:" in arguments_of(session, "expect")
