import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import unitstack.build
from unitstack.build.project import FORMATS, build, read_project
from unitstack.build.starter import copy_starter
from unitstack.build.toolchain import FLAGS, Job, zig
from unitstack.engines.loading import load
from unitstack.errors import Refused

TEMPLATES = Path(unitstack.build.__file__).parent / "templates"
ENV: dict[str, Any] = {"Process": {"Id": "P", "Tags": []}, "Module": {"Id": "M", "Tags": []}}
SMALL = "stack_size: 2097152\ninitial_memory: 6291456\nmaximum_memory: 33554432\n"
ANSWER = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <setjmp.h>
static int count;
const char *process_handle(const char *message, const char *env)
{
	static char output[1000], answer[2000];
	count++;
	{
	%s
	}
	snprintf(answer, sizeof answer, "{\\"ok\\":true,\\"response\\":{\\"Output\\":\\"%%s\\"}}", output);
	return answer;
}
"""
SUM = """
#include "lua.h"
#include "lauxlib.h"
static int sum(lua_State *L)
{
	lua_Number total = 0;
	for (int i = 1; i <= lua_gettop(L); i++) total += luaL_checknumber(L, i);
	lua_pushnumber(L, total);
	return 1;
}
int luaopen_my_sum(lua_State *L) { lua_pushcfunction(L, sum); return 1; }
"""


def a_project(folder: Path, **files: str) -> Path:
    """A project in C; `lib__a_h` is the file `lib/a.h`."""
    for name, text in {"config_yml": SMALL, **files}.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def that_writes(folder: Path, body: str, config: str = SMALL) -> Path:
    """A project whose process answers with what the statements leave in `output`."""
    return a_project(folder, process_c=ANSWER % body, config_yml=config)


def answers(folder: Path, *messages: dict[str, Any]) -> list[Any]:
    """The output of each message, in order."""
    project = read_project(folder)
    handle = load(build(project), format=FORMATS[project.config.target])
    memory: Any = None
    outputs = []
    for message in messages or ({},):
        result = handle(memory, {"Id": "1", "Tags": [], **message}, ENV)
        memory = result["Memory"]
        outputs.append(result["Output"])
    handle.close()
    return outputs


def refusal(folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        build(read_project(folder))
    return str(refused.value)


@pytest.mark.parametrize("target", [32, 64])
def test_a_process_in_c_keeps_its_state_and_has_a_library(tmp_path: Path, target: int) -> None:
    body = """int a, n = 0; double b; char word[9]; char *big = malloc(9000000);
    memset(big, 'x', 9000000); sscanf("7 2.5 abc", "%d %lf %8s", &a, &b, word);
    sprintf(output, "%d %d %.2f %s %.3f %c %zu", count, a, b, word, cbrt(8), big[8999999], strlen(message));
    free(big);"""

    folder = that_writes(tmp_path, body, f"{SMALL}target: {target}\n")

    assert answers(folder, {}, {"Data": "more"}) == [
        "1 7 2.50 abc 2.000 x 20",
        "2 7 2.50 abc 2.000 x 34",
    ]


def test_long_lines_are_written_whole(tmp_path: Path) -> None:
    body = 'char text[900]; memset(text, 0, 900); memset(text, 97, 899); sprintf(output, "%d", printf("%s.", text));'

    assert answers(that_writes(tmp_path, body)) == ["900"]


def test_an_error_is_jumped_from_where_it_happens(tmp_path: Path) -> None:
    jumping = """#include <setjmp.h>
    static jmp_buf out;
    static void deep(void *a, void *b) { longjmp(out, 5); }
    static void (*volatile call)(void *, void *) = deep;
    int jumped(void) { int seen = setjmp(out); if (!seen) call(0, 0); return seen; }"""

    folder = that_writes(tmp_path, "extern int jumped(void); output[0] = '0' + jumped();")

    assert answers(a_project(folder, jumping_c=jumping)) == ["5"]


def test_jumps_that_no_loader_knows_are_refused(tmp_path: Path) -> None:
    body = "jmp_buf out; if (!setjmp(out)) sprintf(output, message);"

    assert "ao's loaders know how to do that for void f(void *, void *) alone" in refusal(
        that_writes(tmp_path, body)
    )


def test_the_same_project_gives_the_same_bytes_wherever_it_is(tmp_path: Path) -> None:
    made = []
    for name in ("one", "another"):
        copy_starter("c", tmp_path / name)
        made.append(hashlib.sha256(build(read_project(tmp_path / name))).hexdigest())

    assert made[0] == made[1]


def test_files_of_every_folder_belong_to_a_project_in_c(tmp_path: Path) -> None:
    folder = that_writes(tmp_path, "extern int other(void); output[0] = '0' + other();")
    a_project(
        folder,
        lib__a_c='#include "a.h"\nint other(void) { return NUMBER; }',
        lib__a_h="#define NUMBER 4",
    )

    assert answers(folder) == ["4"]


def test_a_program_may_bring_its_own_entry(tmp_path: Path) -> None:
    text = 'const char *handle(const char *m, const char *e) { return "{\\"ok\\":true,\\"response\\":{\\"Output\\":1}}"; }'

    assert answers(a_project(tmp_path, own_c=text)) == [1]


def test_the_compilers_flags_of_the_config_count(tmp_path: Path) -> None:
    config = f"{SMALL}extra_compile_args: [-D, NUMBER=6, -Iinner, -O0]\n"
    folder = that_writes(tmp_path, '#include "sign.h"\noutput[0] = SIGN + NUMBER;', config)
    a_project(folder, inner__sign_h="#define SIGN '0'", config_yml=config)

    assert answers(folder) == ["6"]


def test_what_the_compiler_warns_of_is_told(tmp_path: Path) -> None:
    folder = that_writes(tmp_path, "int unused;", f"{SMALL}extra_compile_args: -Wall\n")
    warned: list[str] = []

    build(read_project(folder), tell=warned.append)

    assert "process.c:13:6: warning: unused variable" in warned[0]


def test_c_that_does_not_compile_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "process.c:13:2: error:" in refusal(that_writes(tmp_path, "x x"))


def test_c_without_an_entry_is_refused(tmp_path: Path) -> None:
    assert "no file in C defines `const char *process_handle(" in refusal(
        a_project(tmp_path, a_c="")
    )


def test_a_function_that_nothing_has_is_named(tmp_path: Path) -> None:
    folder = that_writes(tmp_path, "extern int fork(void); fork();")

    assert refusal(folder) == "fork: neither the project nor the library of C here has it"


def test_an_import_that_no_loader_has_is_named(tmp_path: Path) -> None:
    folder = that_writes(tmp_path, "extern int other(void); other();")
    text = '__attribute__((import_module("env"), import_name("gpu"))) int gpu(void); int other(void) { return gpu(); }'
    (folder / "other.c").write_text(text)

    assert refusal(folder) == "the C imports gpu, which no loader of ao's has"


def test_a_function_that_is_there_twice_is_refused_with_both_files(tmp_path: Path) -> None:
    folder = that_writes(tmp_path, "extern int twice(void); twice();")
    a_project(folder, a_c="int twice(void) { return 1; }", b_c="int twice(void) { return 2; }")

    told = refusal(folder)

    assert "duplicate symbol: twice" in told
    assert str(tmp_path) not in told


@pytest.mark.parametrize("target", [32, 64])
def test_lua_requires_what_c_opens(tmp_path: Path, target: int) -> None:
    process = "return { handle = function() return { Output = require('my.sum')(1, 2, 3.5) } end }"
    folder = a_project(
        tmp_path, process_lua=process, libs__sum_c=SUM, config_yml=f"{SMALL}target: {target}\n"
    )

    assert answers(folder) == [6.5]


def test_an_error_in_c_is_caught_in_lua(tmp_path: Path) -> None:
    process = "return { handle = function() return { Output = select(2, pcall(require('my.sum'), {})) } end }"

    (told,) = answers(a_project(tmp_path, process_lua=process, libs__sum_c=SUM))

    assert "number expected, got table" in told


def test_an_object_that_is_no_wasm_is_refused(tmp_path: Path) -> None:
    folder = a_project(tmp_path, process_lua="return {}", libs__sum_c=SUM)
    (folder / "libs" / "x.o").write_bytes(b"\x7fELF")

    assert "x.o cannot be linked: not a wasm module" in refusal(folder)


def test_what_was_compiled_elsewhere_is_linked_and_noted(tmp_path: Path) -> None:
    process = "return { handle = function() return { Output = require('my.sum')(1, 2) } end }"
    folder = a_project(tmp_path, process_lua=process, libs__sum_c=SUM)
    archive(folder / "libs", "sum")

    assert answers(folder) == [3.0]
    assert read_project(folder).notes == (
        "libs/sum.a was compiled elsewhere, and is linked as it is",
    )


def archive(folder: Path, name: str) -> None:
    """Makes an archive of the source, which goes, as one has it from elsewhere."""
    compiler = zig(64, folder)
    with zipfile.ZipFile(TEMPLATES / "c.zip") as kit:
        kit.extractall(folder.parent / ".kit")
    include = ["-isystem", str(folder.parent / ".kit" / "include")]
    compiler.compile([Job(Path(f"{name}.c"), Path("one.o"), include)], FLAGS)
    compiler.run("ar", "rcs", f"{name}.a", "one.o")
    (folder / f"{name}.c").unlink()
    (folder / "one.o").unlink()


def test_the_starter_answers_and_keeps_texts_whole(tmp_path: Path) -> None:
    copy_starter("c", tmp_path)
    project = read_project(tmp_path)
    handle = load(build(project), format=FORMATS[64])
    sender = 'a "quoted" ä \U0001f600 \\ name\n'
    ping: dict[str, Any] = {
        "From": sender,
        "Tags": [{"name": "X", "value": []}, {"name": "Action", "value": "Ping"}],
    }

    first: Any = handle(None, ping, ENV)
    second: Any = handle(first["Memory"], ping, ENV)
    other: Any = handle(second["Memory"], {}, ENV)

    assert (first["Output"], second["Output"]) == ("ponged 1", "ponged 2")
    assert second["Messages"][0]["Target"] == sender
    assert second["Messages"][0]["Data"] == "pong 2"
    assert (other["Messages"], other["Output"]) == ([], "no one here knows what that means")
