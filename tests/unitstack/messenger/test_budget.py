from unitstack.messenger.budget import Budget, Spent, why_to_stop

BUDGET = Budget(messages=5_000, depth=1_000, seconds=60.0)


def test_within_its_budget_a_message_goes_out() -> None:
    assert why_to_stop(BUDGET, Spent(messages=4_999, depth=1_000, seconds=60.0)) is None


def test_too_many_messages_are_told_with_the_figures() -> None:
    reason = why_to_stop(BUDGET, Spent(messages=5_000, depth=1, seconds=1.0))

    assert reason is not None
    assert "set off 5,000 others" in reason
    assert "the budget allows 5,000 messages" in reason


def test_too_long_a_chain_is_told_with_the_figures() -> None:
    reason = why_to_stop(BUDGET, Spent(messages=1_001, depth=1_001, seconds=1.0))

    assert reason is not None
    assert "a chain of 1,001 messages" in reason
    assert "the budget allows a depth of 1,000" in reason


def test_too_much_time_is_told_with_the_figures() -> None:
    reason = why_to_stop(BUDGET, Spent(messages=7, depth=1, seconds=60.3))

    assert reason is not None
    assert "for 60.3 s (7 messages), the budget allows 60.0 seconds" in reason
