"""Every exception that ao kernel raises on purpose, as one tree. A process's own error is not here: it is a result."""


class AoError(Exception):
    """Something that a person can understand and act on went wrong."""


class InvalidItem(AoError):
    """Bytes are not a well-formed, signed item, or an item does not say what its type must."""


class InvalidKey(AoError):
    """A key file or JWK holds no private key that can sign items. Its text never shows what was read."""


class NotFound(AoError):
    """A well-formed id that this unit has never seen."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"{kind} {id} is not known here")
        self.kind = kind
        self.id = id


class Refused(AoError):
    """A request was understood, and is not allowed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Duplicate(Refused):
    """An item that is already in its process's log: sending it again changed nothing."""


class EngineError(AoError):
    """The engine broke: a module is unfit, or memory or gas is exhausted."""


class Interrupted(AoError):
    """The person stopped it; the state is as it was before."""


class UnitUnreachable(AoError):
    """A remote unit did not answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url} did not answer: {reason}")
        self.url = url


class UnusableFile(AoError):
    """A unit's own file is damaged, cannot be opened or written, or was written by a newer program."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file} cannot be used: {reason}")
        self.file = file
