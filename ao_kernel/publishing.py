"""Cell outputs as Jupyter messages, in order, with neighbouring prints joined; and the reply that ends the cell."""

from collections.abc import Callable
from typing import Any

from ao_kernel.outputs import Bundle, CellOutput, Cleared, Failed, Paged, Printed, Shown, Updated

Send = Callable[[str, dict[str, Any]], None]
"""Publishes a message of that type with that content."""

STREAM_SIZE = 1 << 20


class Publisher:
    """Publishes one cell's outputs, and remembers what its reply must say. A silent one publishes nothing."""

    def __init__(self, send: Send, execution_count: int, *, silent: bool = False) -> None:
        self._send = send
        self._count = execution_count
        self._silent = silent
        self._prints: list[Printed] = []
        self._pages: list[dict[str, Any]] = []
        self.failure: Failed | None = None
        self.result: str | None = None

    def show(self, output: CellOutput) -> None:
        """Takes the next output; prints wait for what follows them, or for `flush`."""
        if isinstance(output, Printed):
            if self._prints and self._prints[-1].stream != output.stream:
                self.flush()
            self._prints.append(output)
            return
        self.flush()
        self._publish(output)

    def flush(self) -> None:
        """Publishes the prints that wait."""
        text = "".join(printed.text for printed in self._prints)
        name = self._prints[0].stream if self._prints else ""
        self._prints.clear()
        for start in range(0, len(text), STREAM_SIZE):
            self._say("stream", {"name": name, "text": text[start : start + STREAM_SIZE]})

    def _publish(self, output: Shown | Updated | Paged | Cleared | Failed) -> None:
        match output:
            case Shown(data=data, is_result=True, prompt=prompt):
                self.result = str(data["text/plain"])
                self._say("execute_result", returned(data, prompt, self._count))
            case Shown(data=data, display_id=id):
                self._say("display_data", displayed(data, id))
            case Updated(data=data, display_id=id):
                self._say("update_display_data", displayed(data, id))
            case Paged(data=data):
                self._pages.append({"source": "page", "data": dict(data), "start": 0})
            case Cleared():
                self._say("clear_output", {"wait": False})
            case Failed():
                self.failure = output
                self._say("error", error_content(output))

    def _say(self, kind: str, content: dict[str, Any]) -> None:
        if not self._silent:
            self._send(kind, content)

    def reply(self, expressions: dict[str, Any]) -> dict[str, Any]:
        """The content of the execute reply."""
        if self.failure is not None:
            return {
                "status": "error",
                "execution_count": self._count,
                **error_content(self.failure),
            }
        return {
            "status": "ok",
            "execution_count": self._count,
            "payload": self._pages,
            "user_expressions": expressions,
        }


def displayed(data: Bundle, id: str | None) -> dict[str, Any]:
    """Something rich as Jupyter's messages carry it."""
    return {
        "data": dict(data),
        "metadata": {},
        "transient": {} if id is None else {"display_id": id},
    }


def error_content(failure: Failed) -> dict[str, Any]:
    """An error as Jupyter's messages carry it."""
    return {"ename": failure.name, "evalue": failure.message, "traceback": list(failure.traceback)}


def returned(data: Bundle, prompt: str, count: int) -> dict[str, Any]:
    """A result as Jupyter's messages carry it."""
    told = {"ao": {"prompt": prompt}} if prompt else {}
    return {"data": dict(data), "metadata": told, "execution_count": count}
