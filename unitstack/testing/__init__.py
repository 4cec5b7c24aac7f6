"""Tests of Lua processes in Python: a whole ao network that needs no event loop, as fixtures of pytest."""

from unitstack.client.actor import Actor, LuaFailed
from unitstack.client.answers import Answer, Sent
from unitstack.testing.network import Network, open_network

__all__ = ["Actor", "Answer", "LuaFailed", "Network", "Sent", "open_network"]
