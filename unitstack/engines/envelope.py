"""The `handle(message, env)` contract between a host and a process, as JSON (what §2.4 of the protocol lists)."""

from dataclasses import dataclass

from unitstack.wire.results import Json


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a process is handed: a message and the environment that it runs in, as JSON objects. For one process the
    `env` is one object through its life, so that an engine may keep what it made of it."""

    message: dict[str, Json]
    env: dict[str, Json]
