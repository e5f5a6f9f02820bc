"""A person's correction wins over the source, survives the next sync, and can be taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.clock import milliseconds
from ops_console.core.db import transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest import tables
from ops_console.ingest.corrections import correct, withdraw
from ops_console.ingest.recorded import KEPT
from ops_console.ingest.shapes import shapes
from tests.ingest.deliveries import DEFAULTS, count, deliver, kept


def corrected(engine: Engine, field: str, value: Any, kind: str = "incidents", external_id: str = "i1") -> None:
    with transaction(engine) as session:
        correct(session, kind, "test", external_id, field, value, "Ada", "looked at the logs")


def taken_back(engine: Engine, field: str, kind: str = "incidents", external_id: str = "i1") -> None:
    with transaction(engine) as session:
        withdraw(session, kind, "test", external_id, field)


def about(engine: Engine, kind: str) -> list[str]:
    """What the facts of a kind are about."""
    slugs = dict(kept(engine, tables.entries, "id", "slug"))
    return [slugs[entry] for entry in kept(engine, KEPT[kind].table, "entry_id")]


def test_a_correction_shows_at_once(database: Engine) -> None:
    deliver(database, "incidents")
    corrected(database, "severity", "SEV1")
    assert kept(database, tables.incidents, "severity", "title") == [("SEV1", "Latency")]
    (row,) = kept(database, tables.corrections, "field", "value", "original", "made_by", "reason")
    assert row == ("severity", "SEV1", None, "Ada", "looked at the logs")


def test_a_correction_survives_every_later_delivery(database: Engine) -> None:
    deliver(database, "incidents", {"severity": "SEV3"})
    corrected(database, "severity", "SEV1")
    assert deliver(database, "incidents", {"severity": "SEV3"}).unchanged == 1
    assert deliver(database, "incidents", {"severity": "SEV2", "title": "Errors"}).changed == 1
    assert kept(database, tables.incidents, "severity", "title") == [("SEV1", "Errors")]


def test_what_the_source_says_meanwhile_returns_when_the_correction_is_withdrawn(database: Engine) -> None:
    deliver(database, "incidents", {"severity": "SEV3"})
    corrected(database, "severity", "SEV1")
    corrected(database, "severity", "SEV4")
    deliver(database, "incidents", {"severity": "SEV2"})
    taken_back(database, "severity")
    assert kept(database, tables.incidents, "severity") == ["SEV2"]
    assert count(database, tables.corrections) == 0


def test_what_follows_from_a_field_follows_its_correction(sqlite: Engine) -> None:
    deliver(sqlite, "incidents")
    corrected(sqlite, "impact_started_at", "2026-10-05T08:00:00Z")
    corrected(sqlite, "resolved_at", "2026-10-05T10:00:00Z")
    began, ended = (datetime(2026, 10, 5, hour, tzinfo=UTC) for hour in (8, 10))
    assert kept(sqlite, tables.incidents, "began_at", "restored_at") == [(milliseconds(began), milliseconds(ended))]


def test_a_correction_may_make_a_field_unknown(sqlite: Engine) -> None:
    deliver(sqlite, "incidents", {"severity": "SEV3"})
    corrected(sqlite, "severity", None)
    assert kept(sqlite, tables.incidents, "severity") == [None]


def test_a_correction_may_move_a_fact_to_another_model(database: Engine) -> None:
    deliver(database, "incidents")
    corrected(database, "service", "search")
    deliver(database, "incidents", {"title": "Errors"})
    entry = kept(database, tables.entries, "id", slug="search")[0]
    assert kept(database, tables.incidents, "entry_id") == [entry]


OF_AN_ENTRY = sorted(
    (kind, field) for kind in KEPT for field in ("model", "service") if field in shapes(kind) and kind in DEFAULTS
)


@pytest.mark.parametrize(("kind", "field"), OF_AN_ENTRY)
def test_what_a_fact_is_about_is_corrected_and_returns(sqlite: Engine, kind: str, field: str) -> None:
    number = DEFAULTS[kind]["external_id"]
    deliver(sqlite, kind, {"model": "ranker"} if "model" in shapes(kind) else {})
    corrected(sqlite, field, "fraud", kind, number)
    assert about(sqlite, kind) == ["fraud"]
    taken_back(sqlite, field, kind, number)
    assert about(sqlite, kind) == ["ranker"]


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in OF_AN_ENTRY}))
def test_another_correction_leaves_what_a_fact_is_about(sqlite: Engine, kind: str) -> None:
    deliver(sqlite, kind, {"model": "ranker"} if "model" in shapes(kind) else {})
    corrected(sqlite, "url", "https://example.com", kind, DEFAULTS[kind]["external_id"])
    assert about(sqlite, kind) == ["ranker"]


def test_a_corrected_service_stands_though_the_source_names_the_model(sqlite: Engine) -> None:
    deliver(sqlite, "degradations", {"model": "ranker"})
    corrected(sqlite, "service", "fraud", "degradations", "g1")
    deliver(sqlite, "degradations", {"model": "ranker", "signal": "quality"})
    assert about(sqlite, "degradations") == ["fraud"]


def test_slices_and_budgets_are_corrected_too(sqlite: Engine) -> None:
    deliver(sqlite, "slos")
    deliver(sqlite, "sli_slices")
    deliver(sqlite, "budgets", {"scope": "model:ranker"})
    corrected(sqlite, "good", "998.5", "sli_slices", "t1")
    corrected(sqlite, "amount", "2000", "budgets", "b1")
    corrected(sqlite, "objective_percent", "99.5", "slos", "s1")
    assert kept(sqlite, tables.slices, "good_micro", "total_micro") == [(998_500_000, 1_000_000_000)]
    assert [str(amount) for amount in kept(sqlite, tables.budgets, "amount")] == ["2000"]
    assert kept(sqlite, tables.slos, "objective_ppm") == [995_000]


def test_the_corrected_place_on_the_calendar_is_computed_again(sqlite: Engine) -> None:
    deliver(sqlite, "incidents")
    with transaction(sqlite) as session:
        session.execute(tables.outdated.delete())
    corrected(sqlite, "impact_started_at", "2026-08-05T08:00:00Z")
    moved = milliseconds(datetime(2026, 8, 5, 8, tzinfo=UTC))
    assert any(began <= moved < ended for began, ended in kept(sqlite, tables.outdated, "from_at", "to_at"))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("severity", "bad", "severity cannot become 'bad'"),
        ("detected_at", "2026-10-05T09:00:00", "has no offset"),
        ("external_id", "i2", "cannot be corrected"),
        ("colour", "red", "cannot be corrected"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(sqlite: Engine, field: str, value: str, says: str) -> None:
    deliver(sqlite, "incidents")
    with pytest.raises(BadInput, match=says):
        corrected(sqlite, field, value)
    assert count(sqlite, tables.corrections) == 0


def test_what_is_not_there_cannot_be_corrected(sqlite: Engine) -> None:
    with pytest.raises(NotFound, match="There is no i1 from test"):
        corrected(sqlite, "severity", "SEV1")
    deliver(sqlite, "incidents")
    with pytest.raises(NotFound, match="is not corrected"):
        taken_back(sqlite, "severity")


def test_a_corrected_slice_stands_beside_others_of_other_slos_in_one_delivery(sqlite: Engine) -> None:
    deliver(sqlite, "slos", {}, {"external_id": "other", "name": "other"})
    slices = [
        {"external_id": "s1", "good": 90, "total": 100},
        {"external_id": "s2", "slo": "other", "good": 90, "total": 100},
    ]
    deliver(sqlite, "sli_slices", *slices)
    corrected(sqlite, "good", 80, "sli_slices", "s1")
    assert deliver(sqlite, "sli_slices", *({**each, "total": 200} for each in slices)).changed == 2
    found = kept(sqlite, tables.slices, "good_micro", "total_micro")
    assert found == [(80_000_000, 200_000_000), (90_000_000, 200_000_000)]


def test_a_slice_cannot_be_said_to_be_of_an_slo_that_nobody_knows(sqlite: Engine) -> None:
    deliver(sqlite, "slos")
    deliver(sqlite, "sli_slices")
    with pytest.raises(BadInput, match="no SLO is known by the name 'Nothing'"):
        corrected(sqlite, "slo", "Nothing", "sli_slices", "t1")
    assert count(sqlite, tables.corrections) == 0
