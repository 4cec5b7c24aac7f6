from ao_kernel.summary import ROWS, Delivery, headline_of, summary_bundle

PING = Delivery("alice", "bob", "Ping", "hello", "ok")


def test_a_summary_counts_and_lists_what_was_set_off() -> None:
    bundle = summary_bundle((PING,), ("kid",))

    assert str(bundle["text/plain"]).split("\n") == [
        "set off: 1 message, spawned kid",
        "from   to   action  data   outcome",
        "alice  bob  Ping    hello  ok",
    ]
    assert "<table>" in str(bundle["text/html"])


def test_of_many_messages_the_first_are_listed() -> None:
    bundle = summary_bundle((PING,) * (ROWS + 3), ())

    assert str(bundle["text/plain"]).split("\n")[-1] == "and 3 more"


def test_what_processes_wrote_does_not_become_html() -> None:
    bundle = summary_bundle((Delivery("a", "b", "<script>", "<b>", "ok"),), ())

    assert "<script>" not in str(bundle["text/html"])


def test_a_spawn_alone_has_no_table() -> None:
    assert summary_bundle((), ("kid",))["text/plain"] == "set off: spawned kid"


def test_the_headline_counts_in_words() -> None:
    assert headline_of(2, ()) == "set off: 2 messages"


def test_what_processes_wrote_is_without_colours_and_escaped_in_the_headline() -> None:
    red = "\x1b[31mred\x1b[0m"
    bundle = summary_bundle((Delivery(red, red, red, red, red),), (f"<i>{red}",))

    assert "\x1b" not in str(bundle["text/plain"]) + str(bundle["text/html"])
    assert "<i>" not in str(bundle["text/html"])
