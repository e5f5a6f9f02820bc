"""Times that cannot be, at the door: told with file, line and column; good rows land, and nothing is changed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ops_console.contracts.sources import Arrival, Told
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.ingest import inbox, sources, sync, tables
from ops_console.ingest.corrections import correct
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file, import_rows
from ops_console.ingest.parse import Parser
from ops_console.ingest.preview import preview
from ops_console.ingest.unfit import Unfit
from ops_console.records.imports import Import, Refusal
from tests.ingest.deliveries import count, csv_file, deliver, deployments_csv, mapping, values
from tests.ingest.vendor import Shop, add_source, deployment, office, versions

GOOD, FAR = "d1,ranker,1,2026-10-05T09:00:00Z", "d2,ranker,2,2126-10-05T09:00:00Z"
INCIDENTS = "external_id,title,service,began,over"
DISORDERED = "i2,Down,ranker,2026-10-05T09:00:00Z,2026-10-04T09:00:00Z"


def incidents_csv(folder: Path, *rows: str) -> Path:
    return csv_file(folder, INCIDENTS, *rows)


def brought(engine: Engine, path: Path, kind: str, **options: Any) -> Any:
    said = mapping("incidents", fields={"impact_started_at": "began", "restored_at": "over"})
    return import_file(engine, path, Delivery(kind, "test", mapping=said if kind == "incidents" else None), **options)


def test_a_row_of_the_next_century_is_kept_aside_with_its_reason(sqlite: Engine, tmp_path: Path) -> None:
    summary = brought(sqlite, deployments_csv(tmp_path, GOOD, FAR), "deployments", refused_to=tmp_path / "bad.csv")
    assert (summary.new, summary.refused) == (1, 1)
    (refused,) = summary.first_refused
    assert (refused.line, refused.column) == (3, "finished_at")
    assert "days ahead" in refused.reason and "correct the year" in refused.reason
    assert "2126-10-05T09:00:00Z" in (tmp_path / "bad.csv").read_text("utf-8-sig")


def test_an_update_of_the_next_century_would_bar_every_later_one_and_is_refused(sqlite: Engine) -> None:
    far = {"updated_at": "2126-01-01T00:00:00Z"}
    assert deliver(sqlite, "deployments", far).refused == 1
    deliver(sqlite, "deployments")
    assert deliver(sqlite, "deployments", far | {"deleted": "true"}).refused == 1
    assert deliver(sqlite, "deployments", {"deleted": True}).changed == 1


def test_a_deletion_needs_no_time_that_can_be(sqlite: Engine) -> None:
    deliver(sqlite, "deployments")
    assert deliver(sqlite, "deployments", {"finished_at": "2126-01-01T00:00:00Z", "deleted": "true"}).changed == 1


def test_an_incident_restored_before_it_began_counts_and_is_told_once_with_the_first_line(
    sqlite: Engine, tmp_path: Path
) -> None:
    good = "i1,Slow,ranker,2026-10-05T09:00:00Z,2026-10-05T10:00:00Z"
    summary = brought(sqlite, incidents_csv(tmp_path, good, DISORDERED, DISORDERED.replace("i2", "i3")), "incidents")
    assert (summary.new, summary.refused) == (3, 0)
    assert summary.warnings == [
        "Line 3, over: restored_at (2026-10-04T09:00:00Z) lies before impact_started_at (2026-10-05T09:00:00Z); "
        "correct whichever of the two is wrong, and look at their zones. "
        "2 rows are kept; no figure counts the time between the two."
    ]


def test_a_row_that_is_refused_for_something_else_is_not_told_of_as_kept(sqlite: Engine, tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"{INCIDENTS},tags", DISORDERED + ",ranker;", DISORDERED + ",")
    said = mapping(
        "incidents",
        fields={"impact_started_at": "began", "restored_at": "over", "service": "tags"},
        expand={"column": "tags"},
    )
    summary = import_file(sqlite, path, Delivery("incidents", "test", mapping=said))
    assert (summary.new, summary.refused) == (1, 1)
    assert "1 row is kept" in summary.warnings[-1]


def test_the_preview_says_it_before_the_import(tmp_path: Path) -> None:
    shown = preview(deployments_csv(tmp_path, GOOD, FAR), Delivery("deployments", "test"))
    assert "days ahead" in (shown.rows[1].reason or "")


def test_the_preview_marks_what_would_be_kept_though_it_cannot_be(tmp_path: Path) -> None:
    good = "i1,Slow,ranker,2026-10-05T09:00:00Z,2026-10-05T10:00:00Z"
    said = mapping("incidents", fields={"impact_started_at": "began", "restored_at": "over"})
    shown = preview(incidents_csv(tmp_path, DISORDERED, good), Delivery("incidents", "test", mapping=said))
    odd, fine = shown.rows
    assert odd.facts and odd.reason is None and "lies before impact_started_at" in odd.odd[0]
    assert fine.facts and not fine.odd


def test_a_charge_that_ends_before_it_begins_is_refused_and_its_money_told(sqlite: Engine) -> None:
    charge = {
        "provider": "Cloud",
        "billing_period_start": "2026-10-01T00:00:00Z",
        "billing_period_end": "2026-11-01T00:00:00Z",
        "charge_period_start": "2026-10-05T00:00:00Z",
        "charge_period_end": "2026-10-04T00:00:00Z",
        "charge_category": "Usage",
        "billing_currency": "USD",
        "billed_cost": "12.5",
    }
    summary = deliver_costs(sqlite, charge, charge | {"charge_period_end": "2026-10-06T00:00:00Z"})
    assert (summary.new, summary.refused) == (1, 1)
    assert "charge_period_end (2026-10-04T00:00:00Z) lies before" in (summary.results[0].reason or "")
    assert "Refused rows hold 12.5 USD of billed cost." in summary.warnings


def deliver_costs(engine: Engine, *rows: dict[str, str]) -> Any:
    return import_rows(engine, rows, Delivery("costs", "cloud"))


def test_a_correction_by_a_person_makes_no_time_that_cannot_be(sqlite: Engine) -> None:
    deliver(sqlite, "incidents")
    with pytest.raises(BadInput, match="resolved_at lies before impact_started_at"), transaction(sqlite) as session:
        correct(session, "incidents", "test", "i1", "resolved_at", "2026-10-05T08:00:00Z", "Ada", "It was earlier")


def test_a_source_goes_on_past_what_cannot_be(sqlite: Engine) -> None:
    far = datetime(2126, 1, 1, tzinfo=UTC)
    odd = Told("incidents", values("incidents", resolved_at="2026-10-05T08:00:00Z"))
    vendor = Shop([deployment(0), deployment(1, finished_at=far), deployment(2), odd])
    done = sync.sync(office(sqlite, vendor), add_source(sqlite), "timetable")
    assert (done.state, done.changed, done.refused) == ("done", 3, 1)
    with reading(sqlite) as session:
        (refusal,) = session.scalars(select(Refusal))
        warnings = {row.kind: row.warnings for row in session.scalars(select(Import))}
    assert "days ahead" in refusal.reason
    assert "i1: resolved_at (2026-10-05T08:00:00Z) lies before" in warnings["incidents"][0]


def test_a_delivery_that_tells_of_the_next_century_is_kept_with_its_error_and_the_rest_read(sqlite: Engine) -> None:
    class Ahead(Shop):
        def facts(self, event: str, body: bytes, settings: Any) -> list[Told]:
            return [
                deployment(int(body), **({"finished_at": datetime(2126, 1, 1, tzinfo=UTC)} if body == b"1" else {}))
            ]

    add_source(sqlite)
    with transaction(sqlite) as session:
        for number in range(3):
            shop = sources.named(session, "shop")
            inbox.receive(session, shop, Arrival(f"h{number}", "deployed"), str(number).encode(), now())
    inbox.process(office(sqlite, Ahead()))
    with reading(sqlite) as session:
        rows = {row.delivery_id: row for row in session.scalars(select(inbox.D).order_by(inbox.D.id))}
    assert [row.state for row in rows.values()] == ["read", "unreadable", "read"]
    assert rows["h1"].body == b"1" and "days ahead" in (rows["h1"].reason or "")
    assert set(versions(sqlite)) == {"0", "2"}


HOURS = st.integers(-48, 48)


@given(st.lists(st.tuples(HOURS, st.booleans()), min_size=1, max_size=6))
def test_every_row_is_either_a_fact_as_it_was_told_or_refused_with_a_reason(rows: list[tuple[int, bool]]) -> None:
    """Nothing is changed to make it fit, and nothing gets lost between the two."""
    parser = Parser("deployments", "cd", None)
    for hours, is_far in rows:
        day, hour = divmod(72 + hours, 24)
        finished = f"{2126 if is_far else 2026}-10-{day + 1:02}T{hour:02}:00:00Z"
        given_ = values("deployments", started_at="2026-10-04T00:00:00Z", finished_at=finished)
        try:
            told = parser(dict(given_)).model_dump(mode="json")
            assert (hours >= 0, told["finished_at"]) == (True, finished)
            assert not is_far
        except Unfit as error:
            assert is_far or hours < 0
            assert error.field == "finished_at" and "; correct" in error.reason
    assert parser.odd == []


def test_nothing_is_written_of_a_refused_row(sqlite: Engine) -> None:
    deliver(sqlite, "shifts", {"started_at": "2026-10-05T09:00:00Z", "ended_at": "2026-10-05T08:00:00Z"})
    assert count(sqlite, tables.shifts) == 0
