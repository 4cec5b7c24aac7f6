"""A kernel's life: it starts, is restarted, is killed, and ends without leaving anything behind."""

import os
import signal
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests.kernel.conftest import PATIENCE, start, stop


def test_a_restart_gives_a_fresh_world() -> None:
    kernel = start()
    kernel.run("x = 1")

    kernel.manager.restart_kernel(now=False)
    kernel.client.wait_for_ready(timeout=PATIENCE)

    assert kernel.run("x").result is None
    stop(kernel)


def test_a_killed_kernels_world_is_there_again_in_the_same_home(tmp_path: Path) -> None:
    home = str(tmp_path / "world")
    first = start(AO_HOME=home)
    first.run("%spawn keeper\nx = 41")
    pid = first.manager.provisioner.pid  # type: ignore[union-attr]
    os.kill(pid, signal.SIGKILL)
    first.client.stop_channels()
    first.manager.shutdown_kernel(now=True)

    second = start(AO_HOME=home)

    assert second.run("%use keeper\nx + 1").result == "42"
    stop(second)


def test_a_kernel_that_is_shut_down_is_gone() -> None:
    kernel = start()
    kernel.run("1")
    pid = kernel.manager.provisioner.pid  # type: ignore[union-attr]

    stop(kernel)

    assert not psutil.pid_exists(pid)
