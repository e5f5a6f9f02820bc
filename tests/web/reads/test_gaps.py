"""What models in production lack, told on both databases."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.db import reading, transaction
from ops_console.records.criteria import Proof
from ops_console.web.reads.gaps import GAPS, bottlenecks, by_gap, gaps_of, lacking, number_lacking
from tests.web.pages.builders import DAY, NOON, Workspace

UTC = ZoneInfo("UTC")
COMPLETE = {
    "owner": "Ana",
    "on_call": "search-oc",
    "runbook_url": "https://runbooks.example/",
    "monitors": ["drift"],
    "rollback_tested_on": NOON.date() - timedelta(days=10),
    "tier": 1,
    "team": "Search",
    "lifecycle": "production",
}


def gaps(engine: Engine) -> dict[str, tuple[str, ...]]:
    with reading(engine) as session:
        return {each.entry.slug: each.gaps for each in lacking(session, NOON, UTC)}


def test_a_bare_model_lacks_everything_and_a_complete_one_nothing(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.model("full", **COMPLETE)
        world.model("bare", lifecycle="production")
    assert gaps(database) == {"bare": tuple(key for key in GAPS if key != "owner_left")}
    with reading(database) as session:
        assert number_lacking(session, NOON, UTC) == 1


@pytest.mark.parametrize("changes", [{"lifecycle": "experimental"}, {"provisional": True}, {"deleted_at": NOON}])
def test_what_is_not_in_production_may_lack_things(database: Engine, changes: dict[str, object]) -> None:
    with transaction(database) as session:
        Workspace(session).model("bare", **{"lifecycle": "production"} | changes)
    assert gaps(database) == {}


def test_a_model_is_monitored_while_its_objectives_are_measured(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        for slug, age in (("fresh", 29), ("stale", 31)):
            world.slice(world.slo(world.model(slug, **COMPLETE | {"monitors": []})), 1, 1, NOON - age * DAY)
        world.slo(world.model("never", **COMPLETE | {"monitors": []}))
    assert gaps(database) == {"never": ("monitor",), "stale": ("monitor",)}


def test_a_rollback_test_counts_for_half_a_year(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        for days in (179, 180):
            world.model(f"m{days}", **COMPLETE | {"rollback_tested_on": NOON.date() - timedelta(days=days)})
    assert gaps(database) == {"m180": ("rollback",)}


def test_a_runbook_may_be_a_document(database: Engine) -> None:
    with transaction(database) as session:
        entry = Workspace(session).model("described", **COMPLETE | {"runbook_url": None})
        session.add(Proof(entry_id=entry.id, what="runbook", valid_from=EPOCH, valid_to=FOREVER))
    assert gaps(database) == {}


def test_an_owner_who_left_is_no_owner(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.person("Ana", active_to=date(2026, 9, 30))
        world.person("Bo", active_to=date(2026, 9, 30))
        world.person("Bo")
        world.model("orphan", **COMPLETE)
        world.model("returned", **COMPLETE | {"owner": "Bo"})
    assert gaps(database) == {"orphan": ("owner_left",)}


def test_the_highest_tier_stands_first_and_each_gap_lists_its_models(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        for slug, tier in (("a", 2), ("b", 1), ("c", None)):
            world.model(slug, **COMPLETE | {"tier": tier, "owner": None})
    with reading(database) as session:
        found = by_gap(lacking(session, NOON, UTC))
    assert {key: [each.entry.slug for each in models] for key, models in found.items()} == {
        "owner": ["b", "a", "c"],
        "tier": ["c"],
    }


def test_gaps_are_told_of_any_entry_that_is_asked_for(database: Engine) -> None:
    with transaction(database) as session:
        number = Workspace(session).model("lab", **COMPLETE | {"lifecycle": "experimental", "team": None}).id or 0
    with reading(database) as session:
        assert gaps_of(session, [number], NOON, UTC) == {number: ("team",)}


def test_people_on_whom_several_tier_1_models_rest_are_named(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.person("Cy")
        world.model("a", **COMPLETE | {"on_call": "Cy"})
        world.model("b", **COMPLETE | {"owner": "Bo", "on_call": "Cy"})
        world.model("c", **COMPLETE | {"on_call": "Ana"})
        world.model("d", **COMPLETE | {"owner": "Search"})
        world.model("e", **COMPLETE | {"owner": "Search"})
        world.model("f", **COMPLETE | {"owner": "Bo", "tier": 2})
    with reading(database) as session:
        found = {each.person: [entry.slug for entry in each.entries] for each in bottlenecks(session)}
    assert found == {"Ana": ["a", "c"], "Cy": ["a", "b"]}


def test_among_many_tier_1_models_two_are_no_bottleneck(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        for number in range(7):
            world.model(f"m{number}", **COMPLETE | {"owner": ("Ana", "Ana", "Bo", "Bo", "Bo", "Cy", "Dee")[number]})
    with reading(database) as session:
        assert [each.person for each in bottlenecks(session)] == ["Bo"]
