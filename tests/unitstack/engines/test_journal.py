"""The journal lets a copy wait while repeating is cheap, and only as long as messages go well."""

from unitstack.engines.journal import MOST_SECONDS, Journal, Told

TOLD = Told(b"{}", b"{}")


def trusted() -> Journal:
    journal = Journal()
    for _ in range(100):
        journal.add(TOLD, 0.0)
    return journal


def test_the_first_message_is_copied_at_once() -> None:
    journal = Journal()

    journal.add(TOLD, MOST_SECONDS / 10)

    assert journal.is_due


def test_with_trust_a_copy_waits_until_repeating_takes_as_long_as_it_may() -> None:
    journal = trusted()

    journal.add(TOLD, MOST_SECONDS)
    waits = not journal.is_due
    journal.add(TOLD, MOST_SECONDS / 10)

    assert waits
    assert journal.is_due


def test_a_message_that_took_long_is_copied_at_once() -> None:
    journal = trusted()

    journal.add(TOLD, 2 * MOST_SECONDS)

    assert journal.is_due


def test_after_a_copy_there_is_nothing_to_repeat() -> None:
    journal = trusted()
    journal.add(TOLD, MOST_SECONDS)

    journal.clear()

    assert not journal.entries
    assert not journal.is_due


def test_a_failure_takes_the_trust_away() -> None:
    journal = trusted()
    journal.clear()

    journal.distrust()
    journal.add(TOLD, MOST_SECONDS / 10)

    assert journal.is_due
