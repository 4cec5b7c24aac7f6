import json

import pytest

from unitstack.errors import NotFound
from unitstack.runtime import blueprint, blueprints, bundle, sources


def test_each_file_has_the_name_that_require_knows_it_by() -> None:
    names = set(sources())

    assert {".process", ".ao", ".handlers-utils", ".main", "json"} <= names
    assert not any("blueprints" in name for name in names)


def test_a_file_in_a_folder_has_the_folder_in_its_name() -> None:
    assert ".crypto.init" in sources()


def test_a_bundle_says_what_it_is() -> None:
    module = json.loads(bundle())

    assert module["format"] == 1
    assert module["entry"] in module["modules"]
    assert module["modules"] == dict(sources())


def test_a_bundle_is_always_the_same() -> None:
    assert bundle() == bundle()


def test_a_bundle_carries_the_switches_that_it_was_asked_for() -> None:
    module = json.loads(bundle("live_walk,-title_case"))

    assert module["modules"][".switches"] == 'return "live_walk,-title_case"\n'
    assert module["modules"][".compat"] == sources()[".compat"]


def test_a_blueprint_is_found_by_its_name() -> None:
    assert "token" in blueprints()
    assert "Handlers.add" in blueprint("token")


def test_an_unknown_blueprint_is_not_found() -> None:
    with pytest.raises(NotFound, match="blueprint none is not known here"):
        blueprint("none")
