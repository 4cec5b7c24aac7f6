"""`ao serve` over HTTP: a message and its result with aoconnect as the client, beside wao's server; a known result; the
scheduler alone; paging a long log."""

import asyncio
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil  # type: ignore[import-untyped]  # it ships no types

from benchmarks.figures import Figure, show, show_goal
from benchmarks.scheduler import TAGS, read_line, scheduler
from tests.field.served import FIELD, fetch_packages, first_of_free_ports, node, served, wallets
from tests.items import a_process
from unitstack.stack import MODULE_TAGS
from unitstack.wire import data_item, keys
from unitstack.wire.data_item import SignatureType
from unitstack.wire.messages import Draft, ModuleFormat
from unitstack.wire.tags import Tag

IN_FLIGHT = (1, 8, 32)
ENGINES = ("lua", "wasm")
OURS, PEERS = 200, 24
KNOWN_RESULTS = 5_000
POSTS = 3_000
LOG, PAGE = 100_000, 1_000
CONNECTIONS = 8
PATIENCE = 30.0

Json = dict[str, Any]
Requests = list[bytes]


@contextmanager
def wao(port: int) -> Iterator[None]:
    """wao's server as its own command line starts it, without the process manager that keeps it running for ever."""
    command = ["node", "--experimental-wasm-memory64", "node_modules/wao/esm/run.js"]
    given = ["--port", str(port), "--memory"]
    with subprocess.Popen(
        [*command, *given],
        cwd=FIELD / "wao",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as program:
        try:
            _wait_until_open(port + 4)
            yield
        finally:
            program.kill()


def _wait_until_open(port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return


def asked_by_aoconnect(port: int, own: Json, count: int) -> Json:
    """With `server`: the processor seconds that the server used."""
    counts = [{"inFlight": n, "count": max(count, n)} for n in IN_FLIGHT]
    before = processor_seconds()
    told: Json = node(
        "wao", "measure.mjs", {**wallets(), "port": port, "own": own, "counts": counts}
    )
    return {**told, "server": processor_seconds() - before}


def processor_seconds() -> float:
    """What the programs that run below this one have used: the one server, while no client runs."""
    used = [each.cpu_times() for each in psutil.Process().children(recursive=True)]
    return float(sum(times.user + times.system for times in used))


def show_server(seconds: float, count: int) -> None:
    """What of a processor the server used: that is the same however busy the machine is."""
    told = f"{seconds / count * 1000:.2f} ms of the processor each"
    print(f"    in the server {told}, so that {count / seconds:,.0f}/s fit in one core")


@dataclass(frozen=True, slots=True)
class Served:
    """Messages a second by how many were in flight, and what of the processor the server took for each."""

    rates: dict[int, float]
    seconds: float


def show_rounds(name: str, told: Json) -> Served:
    rates = {}
    for each in told["rounds"]:
        rates[each["inFlight"]] = len(each["times"]) / each["seconds"]
        label = f"{name}, {each['inFlight']} in flight"
        show(Figure(label, "ms", each["times"]))
        print(f"    {rates[each['inFlight']]:.1f} messages/s")
    count = sum(len(each["times"]) for each in told["rounds"])
    client = sum(each["processor"] for each in told["rounds"]) / count
    print(f"    in node, the client, {client * 1000:.2f} ms of the processor each")
    show_server(told["server"], count)
    return Served(rates, told["server"] / count)


def own_network(network: Json) -> Json:
    environment = network["environment"]
    return {
        "wao": False,
        "module": environment["MODULE"],
        "scheduler": environment["SCHEDULER"],
        "authority": environment["AUTHORITY"],
    }


def with_peers_module(network: Json) -> Json:
    """The network, whose new processes run the aos module that wao's do."""
    tags = (*MODULE_TAGS, Tag("Module-Format", ModuleFormat.WASM64))
    wasm = (FIELD / "wao/node_modules/wao/esm/lua/aos2_0_1.wasm").read_bytes()
    module = keys.sign(keys.generate(SignatureType.ED25519), Draft(tags=tags, data=wasm))
    url = f"{network['urls']['bundler']}/tx"
    httpx.post(url, content=data_item.encode(module)).raise_for_status()
    return {**network, "environment": {**network["environment"], "MODULE": module.id}}


def measure_messages() -> None:
    print("message and result over HTTP, aoconnect as the client (RSA keys, signed in node)")
    with tempfile.TemporaryDirectory() as home:
        measure_own("lua engine, kept with synchronous=FULL", "lua", "--home", home)
    own = {
        f"{engine} engine, our own environment": measure_own(
            f"{engine} engine, in memory", engine, "--memory"
        )
        for engine in ENGINES
    }
    own["wasm engine, wao's aos module"] = measure_own(
        "wasm engine, wao's aos module, in memory", "wasm", "--memory", prepare=with_peers_module
    )
    port = first_of_free_ports()
    with wao(port):
        peer = show_rounds("wao in memory, its aos module", asked_by_aoconnect(port, {}, PEERS))
    best = max(own["lua engine, our own environment"].rates.values())
    print(
        f"  goal: at least 100 messages/s with the lua engine: {'met' if best >= 100 else 'MISSED'}"
    )
    for name, each in own.items():
        ratios = ", ".join(f"{each.rates[n] / peer.rates[n]:.1f} at {n}" for n in IN_FLIGHT)
        print(f"  ao serve ({name}) / wao: {ratios} in flight (goal: 20)")
        print(f"    by what the servers take of the processor: {peer.seconds / each.seconds:.1f}")


def measure_own(
    name: str, engine: str, *options: str, prepare: Callable[[Json], Json] = dict
) -> Served:
    """Then how often one of the results is told."""
    port = first_of_free_ports()
    with served("--port", str(port), "--engine", engine, *options) as network:
        told = asked_by_aoconnect(port, own_network(prepare(network)), OURS)
        measured = show_rounds(f"ao serve, {name}", told)
        asyncio.run(measure_known_result(network, told))
    return measured


async def measure_known_result(network: Json, told: Json) -> None:
    url = urlsplit(network["urls"]["compute"])
    target = f"/result/{told['message']}?process-id={told['process']}"
    request = f"GET {target} HTTP/1.1\r\nhost: {url.netloc}\r\n\r\n".encode()
    used = processor_seconds()
    rate = await requests_a_second(url.port or 0, [request] * KNOWN_RESULTS)
    show_goal(Figure("GET /result of a known message", "/s", [rate]), 1500, at_least=True)
    show_server(processor_seconds() - used, KNOWN_RESULTS)


async def requests_a_second(port: int, requests: Requests) -> float:
    """As fast as a few connections get their answers. What asks is as plain as can be: it shares the machine."""
    left = iter(requests)
    started = time.perf_counter()
    await asyncio.gather(*(_ask(port, left) for _ in range(CONNECTIONS)))
    return len(requests) / (time.perf_counter() - started)


async def _ask(port: int, left: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in left:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 20"), head
        length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
        await reader.readexactly(int(length))
    writer.close()


def posts(count: int, netloc: str, scheduler_address: str) -> tuple[bytes, Requests]:
    """A process, and as many messages for it, as requests."""
    process = a_process((("Name", "log"),), scheduler=scheduler_address)
    wallet = keys.generate(SignatureType.ED25519)
    drafts = [Draft(process.id, TAGS, b"hello", f"{n:032}".encode()) for n in range(count)]
    items = [data_item.encode(keys.sign(wallet, draft)) for draft in drafts]
    return data_item.encode(process), [_post(item, netloc) for item in items]


def _post(item: bytes, netloc: str) -> bytes:
    head = f"POST / HTTP/1.1\r\nhost: {netloc}\r\ncontent-length: {len(item)}\r\n\r\n"
    return head.encode() + item


def measure_scheduler() -> None:
    print("the scheduler alone, over HTTP, SQLite in a file")
    for durable in (False, True):
        with (
            tempfile.TemporaryDirectory() as home,
            scheduler(Path(home), durable=durable) as program,
        ):
            told = json.loads(read_line(program))
            netloc = urlsplit(told["url"]).netloc
            process, requests = posts(POSTS, netloc, told["address"])
            httpx.post(told["url"], content=process).raise_for_status()
            used = processor_seconds()
            rate = asyncio.run(requests_a_second(int(netloc.rpartition(":")[2]), requests))
            used = processor_seconds() - used
        name = "POST /, synchronous=FULL" if durable else "POST /, fsync off"
        figure = Figure(name, "/s", [rate])
        if durable:
            show(figure)
        else:
            show_goal(figure, 1000, at_least=True)
        show_server(used, POSTS)


def measure_paging() -> None:
    print(f"a log of {LOG:,} messages, read in pages of {PAGE:,}")
    with (
        tempfile.TemporaryDirectory() as home,
        scheduler(Path(home), durable=False, filled=LOG) as program,
    ):
        told = json.loads(read_line(program))
        watched = psutil.Process(program.pid)
        read, sizes, seconds = page_through(told["url"], told["process"], watched)
    early, late = sizes[len(sizes) // 10], max(sizes)
    print(f"  {read:,} messages in {seconds:.1f} s, {read / seconds:,.0f} messages/s")
    print(f"  memory after a tenth of it {early:.1f} MB, at most {late:.1f} MB")
    print(f"  goal: constant memory (within 10 %): {'met' if late <= 1.1 * early else 'MISSED'}")


def page_through(url: str, process: str, watched: psutil.Process) -> tuple[int, list[float], float]:
    """How many messages were read, the server's megabytes after each page, and the seconds."""
    read, sizes, after, more = 0, [], -1, True
    started = time.perf_counter()
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        while more:
            params = {"process-id": process, "from-nonce": str(after), "limit": str(PAGE)}
            page = client.get(f"/{process}", params=params).json()
            after += len(page["edges"])
            read, more = read + len(page["edges"]), page["page_info"]["has_next_page"]
            sizes.append(watched.memory_info().rss / 1e6)
    return read, sizes, time.perf_counter() - started


def main() -> None:
    print(f"HTTP, on {os.cpu_count()} cores")
    fetch_packages("wao")
    measure_messages()
    measure_scheduler()
    measure_paging()


if __name__ == "__main__":
    main()
