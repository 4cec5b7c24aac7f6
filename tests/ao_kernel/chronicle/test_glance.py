from ao_kernel.chronicle.glance import Glance, glance_of, letters_of
from unitstack.wire.results import EvalResult, Output

DEEP = "[" * 100_000


def test_what_is_no_answer_shows_nothing() -> None:
    for said in ("", "42", "{}", DEEP):
        result = EvalResult(output=Output(data=said))

        assert glance_of(result) == Glance()
        assert letters_of(result) is None
