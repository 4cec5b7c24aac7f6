"""ao's unit router: many compute or messenger units as one, each process always with the same of them."""

from unitstack.router.choice import Choice, Origin, cyrb53
from unitstack.router.http import Strategy, Unit, open_hosts, origins_of, router_app
from unitstack.router.routed import RoutedCompute, RoutedMessenger
from unitstack.router.schedulers import Listed, read_list, schedulers_app
from unitstack.router.store import RouteStore

__all__ = [
    "Choice",
    "Listed",
    "Origin",
    "RouteStore",
    "RoutedCompute",
    "RoutedMessenger",
    "Strategy",
    "Unit",
    "cyrb53",
    "open_hosts",
    "origins_of",
    "read_list",
    "router_app",
    "schedulers_app",
]
