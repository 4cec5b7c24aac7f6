import pytest

from tests.items import A_PROCESS, AN_ID
from unitstack.errors import InvalidItem, NotFound
from unitstack.hyperbeam.paths import (
    Asked,
    Computed,
    CurrentSlot,
    DryRun,
    Info,
    Push,
    Schedule,
    Stored,
    read,
    wishes_of,
)
from unitstack.wire.tags import Tag

P = A_PROCESS

# Those of aoconnect 0.0.98 as it was heard to ask, of 0.0.69, and of HyperBEAM's own texts.
PATHS: list[tuple[str, Asked]] = [
    ("/~meta@1.0/info", Info()),
    ("/~meta@1.0/info/address", Info("address")),
    ("/push", Push()),
    ("/~process@1.0/push", Push()),
    (f"/{P}~process@1.0/push", Push(P)),
    (f"/{P}/push&slot+integer=4", Push(P, 4)),
    ("/schedule", Schedule()),
    ("/~scheduler@1.0/schedule", Schedule()),
    (f"/~scheduler@1.0/schedule&target={P}", Schedule(P)),
    (f"/{P}/schedule", Schedule(P)),
    (f"/{P}/~scheduler@1.0/schedule", Schedule(P)),
    (f"/{P}~process@1.0/schedule&from=1&to=2&accept=application/aos-2", Schedule(P)),
    (f"/{P}/slot/current", CurrentSlot(P, alone=True)),
    (f"/{P}~process@1.0/slot/current", CurrentSlot(P, alone=True)),
    (f"/{P}~process@1.0/slot", CurrentSlot(P)),
    (f"/{P}~process@1.0/compute/results=3", Computed(P, 3)),
    (f"/{P}/compute/results=7", Computed(P, 7)),
    (f"/{P}~process@1.0/compute/at-slot", Computed(P, None, ("at-slot",))),
    (f"/{P}~process@1.0/compute&slot=3", Computed(P, 3)),
    (f"/{P}~process@1.0/compute=3/results", Computed(P, 3, ("results",))),
    (
        f"/{P}/compute&slot+integer=3/results/json/body",
        Computed(P, 3, ("results", "json", "body")),
    ),
    (f"/{P}~process@1.0/now/results/output", Computed(P, None, ("results", "output"))),
    (f"/{P}~process@1.0/as=execution/compute", DryRun(P)),
    (f"{P}~process@1.0/slot/current", CurrentSlot(P, alone=True)),
    (f"//{P}/slot/current", CurrentSlot(P, alone=True)),
    (f"/{AN_ID}", Stored(AN_ID)),
    (f"/{AN_ID}/data", Stored(AN_ID, ("data",))),
]


@pytest.mark.parametrize(("path", "asked"), PATHS, ids=[path for path, _ in PATHS])
def test_a_path_asks_for(path: str, asked: Asked) -> None:
    assert read(path, {}) == asked


@pytest.mark.parametrize(
    "path",
    ["/", f"/{P}/else", f"/{P}~process@1.0/~cron@1.0/every", f"/{P}~lua@5.3a/slot"],
)
def test_another_path_is_not_found(path: str) -> None:
    with pytest.raises(NotFound, match="path"):
        read(path, {})


@pytest.mark.parametrize(
    "path",
    [
        "/compute",
        "/x/slot",
        f"/{P}/compute/results=x",
        f"/{P}/compute&slot=-1",
        f"/{P}/compute&slot=",
    ],
)
def test_what_is_no_id_or_no_number_is_said_to_be_none(path: str) -> None:
    with pytest.raises(InvalidItem):
        read(path, {})


def test_a_slot_may_be_wished_for_outside_the_path() -> None:
    assert read(f"/{P}/compute/results/json", {"slot": "5"}) == Computed(P, 5, ("results", "json"))


def test_a_schedules_process_may_be_wished_for_outside_the_path() -> None:
    assert read("/~scheduler@1.0/schedule", {"target": P}) == Schedule(P)


def test_parameters_are_wishes_without_their_types() -> None:
    path = f"/{P}/schedule&from+integer=1&TO=2&accept=application/aos-2&dry"

    assert wishes_of(path) == {"from": "1", "to": "2", "accept": "application/aos-2", "dry": "true"}


def test_a_dry_runs_tags_are_parameters_and_no_wishes() -> None:
    path = f"/{P}~process@1.0/as=execution/compute&Action=Info&accept=x"

    assert wishes_of(path) == {}
    assert read(path, {}) == DryRun(P, (Tag("Action", "Info"), Tag("accept", "x")))


def test_a_dry_runs_values_keep_slashes_and_ampersands_as_clients_write_them() -> None:
    path = f"/{P}~process@1.0/as=execution/compute&Action=Eval%20of%20/%20&%20%C3%BC&X=1&Empty="

    assert read(path, {}) == DryRun(
        P, (Tag("Action", "Eval of / & ü"), Tag("X", "1"), Tag("Empty", ""))
    )
