"""An ao network in one process: every unit of it, and a client. Knows nothing of Jupyter."""

from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.errors import AoError
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.wire.data_item import SignatureType
from unitstack.wire.keys import Wallet

__all__ = [
    "AoError",
    "Client",
    "EngineName",
    "Process",
    "SignatureType",
    "Stack",
    "StackSettings",
    "Wallet",
    "open_stack",
]
