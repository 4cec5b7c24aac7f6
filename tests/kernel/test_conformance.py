"""The conformance suite of the Jupyter project, whole."""

import jupyter_kernel_test as suite  # type: ignore[import-untyped]

from ao_kernel.__main__ import NAME


class TestConformance(suite.KernelTests):  # type: ignore[misc]
    kernel_name = NAME
    language_name = "lua"
    file_extension = ".lua"
    code_hello_world = "print('hello, world')"
    code_stderr = "io.stderr:write('careful\\n')"
    completion_samples = (
        {"text": "Handlers.ad", "matches": {"add"}},
        {"text": "ao.se", "matches": {"send"}},
        {"text": "string.gs", "matches": {"gsub"}},
        {"text": "Sen", "matches": {"Send"}},
        {"text": "%spa", "matches": {"%spawn"}},
        {"text": "tab", "matches": {"table"}},
    )
    complete_code_samples = (
        "x = 1",
        "for i = 1, 2 do print(i) end",
        "1 + 1",
        "%ps",
        "[[ long ]]",
    )
    incomplete_code_samples = (
        "function f()",
        'Handlers.add("a",',
        "[[ open",
        "x = 1 +",
        "if x then",
    )
    invalid_code_samples = (
        "x = = 1",
        "end end",
        "1 +* 2",
        ")",
    )
    code_page_something = "Handlers.add?"
    code_generate_error = 'error("boom")'
    code_execute_result = (
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" .. "b"', "result": "ab"},
        {"code": "#{ 1, 2, 3 }", "result": "3"},
        {"code": "{ 1, 2 }", "result": "{ 1, 2 }"},
        {"code": "{ 1, 2 }", "mime": "text/html"},
    )
    code_display_data = (
        {"code": "%html <b>bold</b>", "mime": "text/html"},
        {"code": "%markdown *soft*", "mime": "text/markdown"},
        {"code": "%%svg\n<svg xmlns='http://www.w3.org/2000/svg'/>", "mime": "image/svg+xml"},
        {"code": "%%html\n<table></table>", "mime": "text/plain"},
    )
    code_history_pattern = "6 ?*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Handlers.add"
    code_clear_output = "%clear"


class TestWelcome(suite.IopubWelcomeTests):  # type: ignore[misc]
    kernel_name = NAME
    support_iopub_welcome = True
