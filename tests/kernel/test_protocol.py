"""What the protocol promises beyond the conformance suite, on a real kernel."""

import json
from pathlib import Path

import pytest
from jupyter_client.session import Session

from tests.kernel.conftest import PATIENCE, Kernel, Message


def test_the_kernel_announces_only_what_it_answers(kernel: Kernel) -> None:
    info = kernel.reply(kernel.client.kernel_info())["content"]

    assert "debugger" not in info["supported_features"]
    assert info["language_info"]["mimetype"] == "text/x-lua"
    assert info["implementation"] == "ao"


def test_a_debug_request_is_answered_with_an_error(kernel: Kernel) -> None:
    message = kernel.client.session.msg(
        "debug_request", {"type": "request", "seq": 1, "command": "initialize"}
    )
    kernel.client.control_channel.send(message)

    reply = kernel.client.get_control_msg(timeout=PATIENCE)

    assert reply["msg_type"] == "debug_reply"
    assert reply["content"]["success"] is False


def test_the_kernel_tells_what_it_uses(kernel: Kernel) -> None:
    kernel.client.control_channel.send(kernel.client.session.msg("usage_request", {}))

    usage = kernel.client.get_control_msg(timeout=PATIENCE)["content"]

    assert usage["pid"] == kernel.manager.provisioner.pid  # type: ignore[union-attr]
    assert usage["kernel_memory"] > 0


def test_a_message_that_is_signed_with_another_key_is_not_heard(kernel: Kernel) -> None:
    forged = Session(key=b"another key")
    forged.send(
        kernel.client.shell_channel.socket,
        "execute_request",
        {"code": "forged = 1", "silent": False},
    )

    assert kernel.run("tostring(forged)").result == "nil"


def test_the_first_cell_spawns_a_process_and_gives_its_answer(kernel: Kernel) -> None:
    ran = kernel.run("6 * 7")

    assert ran.result == "42"


def test_prints_and_the_answer_come_in_order(kernel: Kernel) -> None:
    ran = kernel.run('print("one") print("two") return 3')

    assert [
        m["msg_type"] for m in ran.published if m["msg_type"] not in ("status", "execute_input")
    ] == [
        "stream",
        "execute_result",
    ]
    assert (ran.stdout, ran.result) == ("one\ntwo\n", "3")


def test_ten_thousand_prints_are_few_messages(kernel: Kernel) -> None:
    ran = kernel.run("for i = 1, 10000 do print(i) end")

    assert ran.stdout.count("\n") == 10_000
    assert len(ran.of("stream")) <= 100


def test_an_error_has_the_cells_line_a_caret_and_a_hint(kernel: Kernel) -> None:
    ran = kernel.run("x = 1\npritn(x)")

    (error,) = ran.of("error")
    assert ran.status == "error"
    assert error["evalue"] == "attempt to call a nil value (global 'pritn')"
    assert error["traceback"][1:] == ["  2 | pritn(x)", "      ^^^^^", "hint: did you mean print?"]


def test_what_was_printed_before_an_error_is_shown(kernel: Kernel) -> None:
    assert kernel.run('print("before") error("after")').stdout == "before\n"


def test_an_error_undoes_its_cell(kernel: Kernel) -> None:
    kernel.run("kept = 1")
    kernel.run('kept = 2 error("no")')

    assert kernel.run("kept").result == "1"


def test_a_cell_cannot_ask_where_nobody_is(kernel: Kernel) -> None:
    ran = kernel.run("io.read()", allow_stdin=False)

    assert ran.status == "error"
    assert "send it a message instead" in ran.of("error")[0]["traceback"][-1]


def test_what_a_cell_read_is_a_part_of_its_message(kernel: Kernel) -> None:
    request = kernel.client.execute(
        'io.write("name? ") name = io.read() return name', allow_stdin=True
    )
    asked = kernel.client.get_stdin_msg(timeout=PATIENCE)["content"]

    kernel.client.input("alice")

    assert asked == {"prompt": "name? ", "password": False}
    assert kernel.ran(request).result == "alice"
    assert kernel.run("name").result == "alice"


def test_stop_ends_the_waiting_for_what_is_typed(kernel: Kernel) -> None:
    request = kernel.client.execute("never = io.read()", allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=PATIENCE)

    kernel.manager.interrupt_kernel()

    assert kernel.ran(request).reply["content"]["ename"] == "Interrupted"
    assert kernel.run("tostring(never)").result == "nil"


@pytest.mark.parametrize("told", ["nothing", "cell", "question"])
def test_a_late_answer_is_not_the_next_cells(kernel: Kernel, told: str) -> None:
    stopped = kernel.client.execute("late = io.read()", allow_stdin=True)
    question = kernel.client.get_stdin_msg(timeout=PATIENCE)
    kernel.manager.interrupt_kernel()
    kernel.ran(stopped)
    parents = {"nothing": {}, "cell": question["parent_header"], "question": question["header"]}

    answer(kernel, "late", parents[told])
    kernel.run("1")
    request = kernel.client.execute("line = io.read() return line", allow_stdin=True)
    question = kernel.client.get_stdin_msg(timeout=PATIENCE)
    if told != "nothing":
        answer(kernel, "late too", parents[told])
    answer(kernel, "mine", question["header"])

    assert kernel.ran(request).result == "mine"


def answer(kernel: Kernel, text: str, parent: Message) -> None:
    """Types a line, as a front end does that tells what it answers."""
    message = kernel.client.session.msg("input_reply", {"value": text})
    kernel.client.stdin_channel.send(message | {"parent_header": parent})


def test_a_silent_cell_publishes_nothing_and_does_not_count(kernel: Kernel) -> None:
    before = kernel.run("1").reply["content"]["execution_count"]

    ran = kernel.run("print(1)", silent=True)

    assert [m["msg_type"] for m in ran.published] == ["status"]
    assert kernel.run("1").reply["content"]["execution_count"] == before + 1


def test_a_cell_that_is_not_to_be_kept_is_not_in_the_history(kernel: Kernel) -> None:
    kernel.run("'kept in history'")
    kernel.run("'not kept in history'", store_history=False)

    history = kernel.reply(
        kernel.client.history(raw=True, output=False, hist_access_type="tail", n=1)
    )

    assert history["content"]["history"][0][2] == "'kept in history'"


def test_expressions_are_answered_beside_the_cell(kernel: Kernel) -> None:
    ran = kernel.run("x = 20", user_expressions={"good": "x + 1", "bad": "nothing.at.all"})

    answers = ran.reply["content"]["user_expressions"]
    assert answers["good"] == {"status": "ok", "data": {"text/plain": "21"}, "metadata": {}}
    assert answers["bad"]["status"] == "error"


def test_cells_behind_one_that_failed_are_not_run(kernel: Kernel) -> None:
    kernel.run("count = 0")
    first = kernel.client.execute('for i = 1, 3e7 do end error("stop here")')
    second = kernel.client.execute("count = count + 1")

    assert kernel.reply(first)["content"]["status"] == "error"
    assert kernel.reply(second)["content"]["status"] == "aborted"
    assert kernel.run("count").result == "0"


def test_cells_behind_one_that_failed_are_run_where_that_was_asked(kernel: Kernel) -> None:
    kernel.run("count = 0")
    first = kernel.client.execute('error("go on")', stop_on_error=False)
    second = kernel.client.execute("count = count + 1", stop_on_error=False)

    kernel.reply(first)
    assert kernel.reply(second)["content"]["status"] == "ok"
    assert kernel.run("count").result == "1"


def test_a_cursor_behind_characters_of_any_plane_is_where_it_is(kernel: Kernel) -> None:
    code = 's = "\U0001f600\U0001d518"; tab'

    reply = kernel.reply(kernel.client.complete(code, len(code)))["content"]

    assert reply["matches"] == ["table"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (len(code) - 3, len(code))


def test_completion_knows_what_the_process_has(kernel: Kernel) -> None:
    kernel.run(
        'Shop = { price = 1, sell = function () end } Handlers.add("restock", "Restock", function () end)'
    )

    fields = kernel.reply(kernel.client.complete("Shop.", 5))["content"]["matches"]
    methods = kernel.reply(kernel.client.complete("Shop:", 5))["content"]["matches"]
    handlers = kernel.reply(kernel.client.complete('Handlers.remove("re', 19))["content"]["matches"]

    assert (fields, methods, handlers) == (["price", "sell"], ["sell"], ["restock"])


def test_help_is_found_for_what_the_cursor_is_at(kernel: Kernel) -> None:
    reply = kernel.reply(kernel.client.inspect("string.gsub(", 12))["content"]

    assert reply["found"]
    assert reply["data"]["text/plain"].startswith("string.gsub(s, pattern, repl")


def test_what_others_print_stands_under_the_cell_with_their_name(kernel: Kernel) -> None:
    kernel.run(
        '%spawn bob\nHandlers.add("ping", "Ping", function (msg) print("ping!") msg.reply({ Data = "pong" }) end)'
    )
    kernel.run("%spawn alice")

    ran = kernel.run('Send({ Target = "bob", Action = "Ping" })')

    assert "bob:" in ran.stdout
    assert "ping!" in ran.stdout
    assert "alice:" in ran.stdout
    (summary,) = ran.of("display_data")
    assert "alice  bob    Ping" in summary["data"]["text/plain"]


def test_a_cell_that_waits_for_a_reply_gets_it(kernel: Kernel) -> None:
    kernel.run(
        '%spawn carol\nHandlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'
    )
    kernel.run("%spawn dave")

    ran = kernel.run(
        'local answer = Send({ Target = "carol", Action = "Ping" }).receive()\nprint("got " .. answer.Data)'
    )

    assert "got pong" in ran.stdout
    assert "waiting" not in ran.stdout


def test_a_cell_that_waits_for_nobody_says_so_and_ends(kernel: Kernel) -> None:
    ran = kernel.run('%spawn erin\nReceive({ Action = "Never" })')

    assert ran.status == "ok"
    assert "waiting" in ran.stdout


def test_a_file_is_loaded_with_what_it_requires(kernel: Kernel, lua_file: Path) -> None:
    lua_file.write_text('local greet = require("greet")\nreturn greet("you")', encoding="utf-8")
    lua_file.with_name("greet.lua").write_text(
        'return function (name) return "hello " .. name end', encoding="utf-8"
    )

    assert kernel.run(f".load {lua_file}").result == "hello you"


def test_an_error_in_a_file_names_the_file_and_its_line(kernel: Kernel, lua_file: Path) -> None:
    lua_file.write_text('require("broken")', encoding="utf-8")
    lua_file.with_name("broken.lua").write_text("local x = 1\nx.y.z = 2", encoding="utf-8")

    (error,) = kernel.run(f"%load {lua_file}").of("error")

    assert error["traceback"][1] == "broken.lua:2 | x.y.z = 2"


def test_the_inbox_is_a_table(kernel: Kernel) -> None:
    kernel.run("%spawn frank")
    kernel.run("%spawn gina")
    kernel.run('Send({ Target = "frank", Action = "Note", Data = "remember" })')

    inbox = kernel.run("%use frank\n%inbox").of("execute_result")[-1]["data"]

    assert "gina" in inbox["text/plain"]
    assert "remember" in inbox["text/html"]


def test_a_blueprint_is_loaded_by_its_name(kernel: Kernel) -> None:
    kernel.run("%spawn mint\n.load-blueprint token")

    assert kernel.run("type(Balances)").result == "table"


@pytest.mark.parametrize("source", ["%help", "%help Send", "?Authority", "%spawn?"])
def test_help_goes_to_the_pager(kernel: Kernel, source: str) -> None:
    (page,) = kernel.run(source).reply["content"]["payload"]

    assert page["source"] == "page"
    assert page["data"]["text/plain"]


def test_a_budget_that_runs_out_is_a_clear_warning(kernel: Kernel) -> None:
    kernel.run(
        '%spawn loop\nHandlers.add("again", "Again", function (msg) Send({ Target = ao.id, Action = "Again" }) end)'
    )
    kernel.run("%budget 20")

    ran = kernel.run('Send({ Target = ao.id, Action = "Again" })')

    assert "warning:" in ran.stderr
    assert "%budget" in ran.stderr
    kernel.run("%budget 10000")


def test_outputs_are_the_same_when_a_cell_is_run_again_in_a_new_process(kernel: Kernel) -> None:
    first, second = (kernel.run('%reset\nx = { a = 1 }\nprint("a")\nreturn x') for _ in range(2))

    assert json.dumps(first.of("execute_result")[0]["data"]) == json.dumps(
        second.of("execute_result")[0]["data"]
    )
