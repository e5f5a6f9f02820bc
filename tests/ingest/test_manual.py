"""What a person enters goes through the one door, and every version of it is kept with who said it, when and why."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.core.db import reading
from ops_console.ingest import manual, tables
from ops_console.ingest.recorded import KEPT
from ops_console.records.manual import ManualFact
from ops_console.records.schema import metadata
from ops_console.web.fact_tables import kinds
from tests.ingest.deliveries import deliver, fact, kept, mapping

ANA, BO = "ana@example.com", "bo@example.com"
VERSIONS = metadata.tables["manual_fact"]


def smallest(kind: str) -> Fact:
    """The smallest fact of a kind, as the help page shows it."""
    example = next(each for each in kinds() if each.kind == kind)
    return KINDS[kind].model_validate({"source": "manual", **json.loads(example.api)[0]})


def entered(engine: Engine, told: Fact, external_id: str = "hand-00000001") -> ManualFact:
    manual.enter(engine, external_id, told, ANA)
    return standing(engine, told.kind_of_fact, external_id)


def standing(engine: Engine, kind: str, external_id: str = "hand-00000001") -> ManualFact:
    with reading(engine) as session:
        found = manual.standing(session, kind, external_id)
    assert found is not None
    return found


def ready_for(engine: Engine, kind: str) -> None:
    """What a fact of the kind refers to."""
    if kind == "sli_slices":
        deliver(engine, "slos", {"name": "ranker-availability"})


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_of_each_kind_goes_through_the_door(database: Engine, kind: str) -> None:
    ready_for(database, kind)
    entered(database, smallest(kind))
    landed = {"models": tables.statements, "costs": tables.partitions}.get(kind)
    table = KEPT[kind].table if landed is None else landed
    assert kept(database, table, table.c.source.name, source="manual") == ["manual"]
    (told,) = kept(database, tables.imports, "kind", "new", "origin", "made_by", source="manual")
    assert told == (kind, 1, "Form", ANA)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("models", "costs")])
def test_a_fact_of_each_kind_can_be_changed_removed_and_brought_back(sqlite: Engine, kind: str) -> None:
    ready_for(sqlite, kind)
    table, first = KEPT[kind].table, smallest(kind)
    second = first.model_copy(update={"url": "https://example.com/1"})
    before = entered(sqlite, first)
    manual.change(sqlite, before, second, BO, "the link")
    assert kept(sqlite, table, "url", source="manual") == ["https://example.com/1"]
    manual.remove(sqlite, standing(sqlite, kind), BO, "a mistake")
    assert kept(sqlite, table, "deleted_at", source="manual") != [None]
    manual.change(sqlite, standing(sqlite, kind), first, ANA, "it was right")
    assert kept(sqlite, table, "deleted_at", "url", source="manual") == [(None, None)]


def test_every_version_is_kept_with_who_when_and_why(database: Engine) -> None:
    before = entered(database, fact("incidents", title="Slow"))
    manual.change(database, before, fact("incidents", title="Slow search"), BO, "clearer")
    manual.remove(database, standing(database, "incidents"), ANA, "seen twice")
    columns = ("made_by", "entered_by", "reason", "removed")
    assert kept(database, VERSIONS, *columns) == [
        (ANA, ANA, "", False),
        (BO, ANA, "clearer", False),
        (ANA, ANA, "seen twice", True),
    ]
    assert [said["title"] for said in kept(database, VERSIONS, "said")] == ["Slow", "Slow search", "Slow search"]


def test_what_was_said_is_kept_as_a_file_would_say_it(sqlite: Engine) -> None:
    told = fact("incidents", impact_started_at="2026-10-05T09:00:00+02:00", resolved_at=None, false_positive=True)
    assert entered(sqlite, told).said == {
        "service": "ranker",
        "title": "Latency",
        "impact_started_at": "2026-10-05T07:00:00Z",
        "false_positive": True,
    }


def test_whom_a_fact_is_about_is_noted_beside_it(sqlite: Engine) -> None:
    assert entered(sqlite, fact("toil")).person == "Ada"
    assert entered(sqlite, fact("incidents"), "hand-00000002").person is None


def test_what_the_door_refuses_is_not_kept_and_says_why(database: Engine) -> None:
    with pytest.raises(manual.NotTaken, match="no SLO is known by the name 's1'"):
        manual.enter(database, "hand-00000001", fact("sli_slices"), ANA)
    assert kept(database, VERSIONS, "id") == []


def test_a_mapping_for_the_source_of_forms_cannot_swallow_a_fact(sqlite: Engine) -> None:
    rule = {"keep": [{"column": "title", "equals": "nothing"}]}
    deliver(sqlite, "incidents", source="manual", mapping=mapping("incidents", **rule))
    with pytest.raises(manual.NotTaken, match="It was not taken: filtered"):
        manual.enter(sqlite, "hand-00000001", fact("incidents"), ANA)
    assert kept(sqlite, VERSIONS, "id") == []


def test_a_refused_change_leaves_the_version_before_it(sqlite: Engine) -> None:
    deliver(sqlite, "slos")
    before = entered(sqlite, fact("sli_slices"))
    with pytest.raises(manual.NotTaken):
        manual.change(sqlite, before, fact("sli_slices", slo="another"), BO, "wrong one")
    assert standing(sqlite, "sli_slices").id == before.id


def test_a_crash_on_the_way_leaves_nothing_half_entered(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(manual, "import_rows", crash)
    with pytest.raises(ConnectionError):
        manual.enter(sqlite, "hand-00000001", fact("incidents"), ANA)
    assert kept(sqlite, VERSIONS, "id") == []


def test_a_model_that_is_changed_has_its_history(sqlite: Engine) -> None:
    before = entered(sqlite, fact("models", tier=1, team="Search"))
    manual.change(sqlite, before, fact("models", tier=2, team="Search"), BO, "less important now")
    assert kept(sqlite, tables.entries, "slug", "tier", "source") == [("ranker", 2, "manual")]
    assert kept(sqlite, tables.intervals, "tier") == [1, 2]


def charge(amount: str, month: int = 10) -> Fact:
    begins, ends = f"2026-{month:02}-01T00:00:00Z", f"2026-{month + 1:02}-01T00:00:00Z"
    return KINDS["costs"].model_validate(
        {
            "source": "manual",
            "external_id": "x",
            "provider": "Labels Inc",
            "billing_period_start": begins,
            "billing_period_end": ends,
            "charge_period_start": begins,
            "charge_period_end": ends,
            "charge_category": "Purchase",
            "billing_currency": "USD",
            "billed_cost": amount,
            "tags": {"team": "Search"},
        }
    )


def costs(engine: Engine) -> list[tuple[str, Decimal]]:
    return kept(engine, tables.costs, "billing_period", "billed")


def test_charges_entered_one_by_one_stand_side_by_side(database: Engine) -> None:
    entered(database, charge("100"))
    entered(database, charge("20.50"), "hand-00000002")
    assert costs(database) == [("2026-10", Decimal(100)), ("2026-10", Decimal("20.5"))]


def test_a_charge_that_moves_to_another_month_leaves_nothing_behind(database: Engine) -> None:
    before = entered(database, charge("100"))
    entered(database, charge("7"), "hand-00000002")
    manual.change(database, before, charge("90", month=9), BO, "billed in September")
    assert sorted(costs(database)) == [("2026-09", Decimal(90)), ("2026-10", Decimal(7))]
    assert len(kept(database, tables.partitions, "id")) == 2


def test_a_removed_charge_costs_nothing_and_can_come_back(sqlite: Engine) -> None:
    before = entered(sqlite, charge("100"))
    manual.remove(sqlite, before, BO, "paid by another team")
    assert costs(sqlite) == [] == kept(sqlite, tables.partitions, "id")
    assert len(kept(sqlite, metadata.tables["outdated"], "kind", kind="costs")) >= 1
    manual.change(sqlite, standing(sqlite, "costs"), charge("100"), BO, "ours after all")
    assert costs(sqlite) == [("2026-10", Decimal(100))]


def test_ids_are_told_apart_from_anything_else() -> None:
    assert manual.IS_ID(manual.new_id()) and manual.new_id() != manual.new_id()
    assert not any(manual.IS_ID(text) for text in ("", "hand-1", "hand-0000000g", "../x", "hand-00000001\n"))
