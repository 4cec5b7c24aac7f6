import pytest

from unitstack.build.config import MEMORY_LIMITS, Config, read_config
from unitstack.build.inject import Sizes
from unitstack.build.lua_module import MEGABYTE, PRESETS
from unitstack.errors import Refused


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_gives_all_sizes_and_the_limit(preset: str) -> None:
    config = read_config(f"preset: {preset}")

    assert (config.sizes, config.memory_limit) == (PRESETS[preset], MEMORY_LIMITS[preset])


def test_without_a_preset_it_is_the_middle_one_in_64_bits() -> None:
    assert read_config("").sizes == Config().sizes == PRESETS["md"]
    assert read_config("").target == 64


def test_a_size_of_its_own_wins_over_the_preset() -> None:
    config = read_config("preset: xs\nstack_size: 3145728\nmaximum_memory: 99999999")

    assert config.sizes == Sizes(3 * MEGABYTE, 20 * MEGABYTE, 99_999_999)
    assert config.memory_limit == "99999999-b"


@pytest.mark.parametrize(("written", "target"), [("32", 32), ("64", 64), ("'32'", 32)])
def test_the_target_is_how_wide_pointers_are(written: str, target: int) -> None:
    config = read_config(f"target: {written}")

    assert (config.target, config.notes) == (target, ())


@pytest.mark.parametrize("written", ["16", "wide", "[32]"])
def test_an_unknown_target_is_64_and_a_note_says_so(written: str) -> None:
    config = read_config(f"target: {written}")

    assert config.target == 64
    assert "neither 32 nor 64" in config.notes[0]


def test_32_bits_reach_4_gigabytes_and_a_note_says_so() -> None:
    config = read_config("preset: xxl\ntarget: 32")

    assert config.sizes.maximum == 4096 * MEGABYTE
    assert "lowered to 4294967296" in config.notes[0]


def test_a_stack_that_is_not_safe_is_raised_and_a_note_says_so() -> None:
    config = read_config("stack_size: 65536")

    assert config.sizes.stack == 2 * MEGABYTE
    assert "raised to 2097152" in config.notes[0]


@pytest.mark.parametrize(
    "written",
    [
        "[-s, INITIAL_MEMORY=83886080, -sMAXIMUM_MEMORY=100MB, -sMEMORY64=0]",
        "'-s INITIAL_MEMORY=80mb -sMAXIMUM_MEMORY=102400KB -s MEMORY64=0'",
    ],
)
def test_sizes_in_compiler_settings_count(written: str) -> None:
    config = read_config(f"extra_compile_args: {written}")

    assert (config.sizes.initial, config.sizes.maximum) == (80 * MEGABYTE, 100 * MEGABYTE)
    assert config.target == 32


@pytest.mark.parametrize(
    "setting",
    [
        "[-sASYNCIFY]",
        "[-s, EXPORT_ES6=1]",
        "[-s]",
        "['--js-library=x']",
        "[-msimd128]",
        "['-Wl,--export-all']",
        "[-fplugin=x.so]",
        "[-D]",
    ],
)
def test_settings_that_cannot_be_honoured_are_refused(setting: str) -> None:
    with pytest.raises(Refused, match=r"of emscripten|cannot be honoured"):
        read_config(f"extra_compile_args: {setting}")


def test_flags_that_any_compiler_takes_are_kept_in_order() -> None:
    config = read_config(
        "extra_compile_args: [-O2, -D, X=1, -std=c11, -Wall, -fno-builtin, -I., -g, -w]"
    )

    assert config.flags == ("-O2", "-DX=1", "-std=c11", "-Wall", "-fno-builtin", "-I.", "-g", "-w")
    assert (config.sizes, config.notes) == (PRESETS["md"], ())


def test_that_no_javascript_is_written_is_told() -> None:
    assert "no process.js" in read_config("keep_js: true").notes[0]
    assert read_config("keep_js: false").notes == ()


def test_a_key_that_is_not_known_is_told() -> None:
    assert "stak_size is not known" in read_config("stak_size: 1").notes[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("preset: huge", "'huge' is none of xs, sm"),
        ("preset: [xs]", "is none of xs, sm"),
        ("stack_size: many", "a number of bytes"),
        ("stack_size: -1", "a number of bytes"),
        ("maximum_memory: true", "a number of bytes"),
        ("maximum_memory: 1.5", "a number of bytes"),
        ("extra_compile_args: [-sSTACK_SIZE=big]", "a number of bytes"),
        ("extra_compile_args: 5", "must be a list"),
        ("extra_compile_args: '\"'", "cannot be read"),
        ("- a", "keys and values"),
        ("a: [", "is not YAML: line 1, column 5: expected the node content"),
        ("a: \x00", "is not YAML"),
        ("a: &a [*a]\nb: !!python/object:os.system x", "is not YAML"),
        ("[" * 5000, "is not YAML"),
    ],
)
def test_what_is_no_config_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_config(text)
