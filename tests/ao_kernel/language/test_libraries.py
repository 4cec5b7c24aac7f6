import pytest

from ao_kernel.language.libraries import with_libraries


def test_a_library_is_required_where_it_is_named() -> None:
    source = 'local x = 1\nilua.display.html("display.x")\ndisplay.show(x) -- display.y'

    prepared = with_libraries(source, ())

    assert prepared == (
        'local x = 1\nrequire(".ilua").display.html("display.x")\nrequire(".display").show(x) -- display.y'
    )


@pytest.mark.parametrize(
    "source",
    [
        "display = {}\ndisplay.html()",
        "local display = {} display.html()",
        "for _, display in pairs(x) do display.html() end",
        "function f(display) display.html() end",
        "x.display.html()",
        "print(display)",
    ],
)
def test_a_name_of_the_cells_own_stays(source: str) -> None:
    assert with_libraries(source, ()) == source


def test_a_name_of_the_process_stays() -> None:
    assert with_libraries("display.html()", {"display"}) == "display.html()"
