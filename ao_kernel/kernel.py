"""Jupyter's requests in, outputs out: a translation between ipykernel and a Host, which holds the opinions."""

# mypy: disable-error-code="no-untyped-call,union-attr"
# ipykernel is untyped in part, and says `Session | None` of a session that a started kernel always has.

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import comm
from comm.base_comm import BaseComm
from ipykernel._version import kernel_protocol_version
from ipykernel.iostream import OutStream
from ipykernel.kernelbase import Kernel
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.platform.asyncio import BaseAsyncIOLoop

from ao_kernel.comms import comm_handlers
from ao_kernel.history import History
from ao_kernel.host import Host
from ao_kernel.outputs import CellOutput
from ao_kernel.publishing import Publisher
from ao_kernel.version import __version__
from ao_kernel.watchdog import EVERY, Watchdog

READ_ONLY = frozenset(
    (
        "comm_info_request",
        "complete_request",
        "history_request",
        "inspect_request",
        "is_complete_request",
        "kernel_info_request",
    )
)
"""What is answered while a cell runs: nothing of it could change what the cell sees."""

LANGUAGE: dict[str, object] = {
    "name": "lua",
    "version": "5.3",
    "mimetype": "text/x-lua",
    "file_extension": ".lua",
    "codemirror_mode": "lua",
    "pygments_lexer": "lua",
    "nbconvert_exporter": "script",
}
LIVE_FLUSH = 0.1
"""Seconds for which live prints are gathered, so that a storm of messages is ten updates a second."""

OPEN_AFTER = 0.1
"""Seconds in which a front end that has started the kernel gets its first answers; then the stack is imported."""

KEYSTROKE = 0.02
"""Seconds between two looks for what a person has typed."""

UNDER_WAY = 0.01
"""Seconds that a cell which was sent along with one that failed at once may still need to arrive."""

CLOSING = 5
"""Seconds that a session may take to close; the kernel ends then in any case."""

Json = dict[str, Any]


class AoKernel(Kernel):
    """The kernel that Jupyter runs. It has one event loop, in which the session and all its units live."""

    implementation = "ao"
    implementation_version = __version__
    language_info = LANGUAGE
    banner = f"ao kernel {__version__}: each cell is a message to an ao process. %help lists what else there is."

    # Set by `__main__`, which alone knows where things are kept; ipykernel makes the kernel itself.
    make_host: Callable[[], Host]
    make_history: Callable[[], History]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The pause is for a race of ipykernel's own output streams, which cells here do not use.
        self._execute_sleep = 0.0
        self._cell_parent: Json = {}
        self._publisher: Publisher | None = None
        self._flushing: asyncio.TimerHandle | None = None
        self.comm_manager = comm.get_comm_manager()

    def start(self) -> None:
        """Registers what answers; the session opens in the background."""
        # The control thread answers from `super().start()` on: what it asks of us has to be there before.
        loop = IOLoop.current()
        assert isinstance(loop, BaseAsyncIOLoop), "tornado runs on asyncio"
        self._loop = loop.asyncio_loop
        self.shell_handlers.update(comm_handlers(self._loop, self._open_panel))
        self._history = self.make_history()
        self._host = self.make_host()
        super().start()
        self._loop.call_later(OPEN_AFTER, self._host.open, self._show_live)
        self._watchdog = Watchdog(self._loop.call_soon_threadsafe, self.log)
        if self.control_thread is not None:
            self.control_thread.io_loop.add_callback(self._watch)

    def _watch(self) -> None:
        # The callback belongs to the loop that it is started in: the control thread's, which cells do not hold up.
        self._watching = PeriodicCallback(self._watchdog.look, EVERY * 1000)
        self._watching.start()

    def set_parent(self, ident: Any, parent: Json, channel: str = "shell") -> None:
        """Lets what Python prints, in a widget's callback for one, go where the request's outputs go."""
        super().set_parent(ident, parent, channel)
        for stream in (sys.stdout, sys.stderr):
            if channel == "shell" and isinstance(stream, OutStream):
                stream.set_parent(parent)

    @property
    def kernel_info(self) -> Json:
        # The base would import a debugger to find out whether it is there, and announce it, and never answer its requests.
        features = ["kernel subshells"] if self._supports_kernel_subshells else []
        return {
            "protocol_version": kernel_protocol_version,
            "implementation": self.implementation,
            "implementation_version": self.implementation_version,
            "language_info": self.language_info,
            "banner": self.banner,
            "help_links": self.help_links,
            "supported_features": features,
        }

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Json | None = None,
        allow_stdin: bool = False,
        **cell: Any,
    ) -> Json:
        """Runs a cell, and answers once everything that it set off has settled."""
        self._host.open(self._show_live)
        self._cell_parent = self.get_parent("shell")
        self._host.ask = self._ask if allow_stdin else None
        publisher = self._publisher = Publisher(self._publish, self.execution_count, silent=silent)
        self._watchdog.cell_began()
        try:
            number = self.execution_count if store_history and not silent else None
            await self._host.run(code, publisher.show, number)
            expressions = await self._host.expressions(user_expressions or {})
        finally:
            publisher.flush()
            self._publisher = None
            self._watchdog.cell_ended()
        if publisher.failure is not None and not silent:
            await self._abort_queued()
        if store_history and not silent:
            self._history.record(self.execution_count, code, publisher.result)
        return publisher.reply(expressions)

    async def _ask(self, prompt: str) -> str:
        """The line that the person types. It is looked for again and again, so that Stop can end the waiting."""
        ident = self._get_shell_context_var(self._shell_parent_ident)
        content = {"prompt": prompt, "password": False}
        parent = self.get_parent("shell")
        self._drop_late_answers()
        asked = self.session.send(self.stdin_socket, "input_request", content, parent, ident=ident)
        assert asked is not None, "only a forked process sends nothing"
        # Some front ends tell what they answer: the question, or the cell. Others tell nothing.
        answered = ("", asked["header"]["msg_id"], parent["header"]["msg_id"])
        while True:
            _, reply = self.session.recv(self.stdin_socket)
            if reply is not None and reply["parent_header"].get("msg_id", "") in answered:
                return str(reply["content"].get("value", ""))
            await asyncio.sleep(KEYSTROKE)

    def _drop_late_answers(self) -> None:
        """What was typed after Stop had ended the waiting is no answer to the next question."""
        while self.stdin_socket.poll(0):
            self.stdin_socket.recv_multipart()

    async def _abort_queued(self) -> None:
        """Drops the cells that wait behind one that failed. The mark that ends the dropping is put behind them before the
        reply is sent: a cell that is sent on seeing the reply comes after it, and is run."""
        parent = self.get_parent("shell")
        if parent["content"].get("stop_on_error", True):
            await asyncio.sleep(UNDER_WAY)
            super()._abort_queues(parent["header"].get("subshell_id"))

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """What the base calls after the reply, and so too late: see `_abort_queued`."""

    async def do_complete(self, code: str, cursor_pos: int) -> Json:
        self._host.open(self._show_live)
        return {"status": "ok", **await self._host.complete(code, cursor_pos)}

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: object = ()
    ) -> Json:
        self._host.open(self._show_live)
        data = await self._host.inspect(code, cursor_pos)
        return {"status": "ok", "found": bool(data), "data": data, "metadata": {}}

    async def do_is_complete(self, code: str) -> Json:
        status, indent = self._host.completeness(code)
        return (
            {"status": status, "indent": indent} if status == "incomplete" else {"status": status}
        )

    async def history_request(self, stream: Any, ident: Any, parent: Json) -> None:
        """Answers from the kept history; the request's fields are handed on as they come."""
        asked = {name: value for name, value in parent["content"].items() if name != "raw"}
        found = self._history.find(asked.pop("hist_access_type"), **asked)
        self.session.send(
            stream, "history_reply", {"status": "ok", "history": found}, parent, ident
        )

    async def do_shutdown(self, restart: bool) -> Json:
        """Runs in the control thread, so the closing is handed to the loop that the session lives in."""
        closing = asyncio.run_coroutine_threadsafe(self._host.close(), self._loop)
        try:
            await asyncio.wait_for(asyncio.wrap_future(closing), CLOSING)
        except TimeoutError:
            self.log.warning("the session did not close within %d s", CLOSING)
        return {"status": "ok", "restart": restart}

    async def do_debug_request(self, msg: Json) -> Json:
        return {
            "type": "response",
            "request_seq": msg.get("seq", 0),
            "seq": 0,
            "success": False,
            "command": msg.get("command", ""),
            "message": "ao kernel has no debugger",
            "body": {},
        }

    async def interrupt_request(self, stream: Any, ident: Any, parent: Json) -> None:
        """Runs in the control thread, as the cell's own may be anywhere. No signal: a KeyboardInterrupt in a task would
        end the loop, and with it the kernel."""
        self._loop.call_soon_threadsafe(self._host.stop)
        self.session.send(stream, "interrupt_reply", {"status": "ok"}, parent, ident=ident)

    async def shell_main(self, subshell_id: str | None, msg: Any) -> None:
        """Lets requests that only read through to a kernel that is busy with a cell."""
        header = (
            self._header(msg) if subshell_id is None and self._main_asyncio_lock.locked() else {}
        )
        if header.get("msg_type") in READ_ONLY:
            await self._answer_meanwhile(msg, header)
        else:
            await super().shell_main(subshell_id, msg)

    def _header(self, msg: Any) -> Json:
        try:
            _, frames = self.session.feed_identities(msg, copy=False)
            header: Json = self.session.deserialize(frames, content=False, copy=False)["header"]
        except (ValueError, TypeError, KeyError):
            return {}
        return header

    async def _answer_meanwhile(self, msg: Any, header: Json) -> None:
        # A front end takes a request as done when it has the reply and an idle of its own. After that, the status bar
        # must go on saying that the cell's kernel is busy.
        asked, cell = {"header": header}, self.get_parent("shell")
        ident = self._get_shell_context_var(self._shell_parent_ident)
        self._publish_status("busy", "shell", parent=asked)
        try:
            await asyncio.create_task(self.dispatch_shell(msg, concurrent=True))
        finally:
            self.set_parent(ident, cell, channel="shell")
            self._publish_status("idle", "shell", parent=asked)
            if self._publisher is not None:
                self._publish_status("busy", "shell", parent=self._cell_parent)

    def _publish(self, kind: str, content: Json) -> None:
        self.session.send(
            self.iopub_socket, kind, content, parent=self._cell_parent, ident=self._topic(kind)
        )

    def _open_panel(self, opened: BaseComm, message: Json) -> None:
        self._host.open(self._show_live)
        self._host.attach(opened, message)

    def _show_live(self, output: CellOutput) -> None:
        """Shows what a process did on its own: under the cell that runs, or else under the latest."""
        if self._publisher is None:
            late = Publisher(self._publish, self.execution_count)
            late.show(output)
            late.flush()
            return
        self._publisher.show(output)
        if self._flushing is None:
            self._flushing = self._loop.call_later(LIVE_FLUSH, self._flush_live)

    def _flush_live(self) -> None:
        self._flushing = None
        if self._publisher is not None:
            self._publisher.flush()
