"""A kernel on a network that a program of its own runs."""

import socket
import time

import pytest

from tests.field.notebook import connecting_to
from tests.field.served import served
from tests.kernel.conftest import Kernel, milliseconds_since


@pytest.fixture
def silent() -> socket.socket:
    """A server that takes connections and says nothing."""
    return socket.create_server(("127.0.0.1", 0))


def test_a_kernels_cells_go_elsewhere_and_come_back(kernel: Kernel) -> None:
    kernel.run("x = 1")
    with served("--memory", "--engine", "lua") as network:
        elsewhere = kernel.run(f"{connecting_to(network)}\nx = 41\nreturn x + 1").result
        kernel.run("%connect local")

    assert elsewhere == "42"
    assert kernel.run("x + 1").result == "2"


def test_stop_ends_a_cell_that_waits_for_a_network(kernel: Kernel, silent: socket.socket) -> None:
    with silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        request = kernel.client.execute(f"%connect {url}")
        connection, _ = silent.accept()

        started = time.perf_counter()
        kernel.manager.interrupt_kernel()
        reply = kernel.reply(request)

        ms = milliseconds_since(started)
        connection.close()
    assert reply["content"]["ename"] == "Interrupted"
    assert ms <= 200
