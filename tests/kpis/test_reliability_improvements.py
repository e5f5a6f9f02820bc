"""Reliability improvements: delivered, of the right kind, and measured."""

from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.periods import parse
from ops_console.measures.readings import Status
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.initiatives import Initiative
from ops_console.scorecard.rows import records
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import UTC_ZONE, books, figure, read_one

QUARTER = "2026-Q3"


def delivered(written: Books, **changes: Any) -> None:
    defaults = {
        "title": "Canaries",
        "category": "reliability",
        "status": "delivered",
        "delivered_at": at("08-14"),
        "metric": "failed releases",
        "before": 4,
        "after": 1,
        "measured_at": at("09-14"),
    }
    written.put(Initiative, **(defaults | changes))


def test_what_was_delivered_and_measured_counts(database: Engine) -> None:
    with books(database) as written:
        delivered(written)
        delivered(written, category="Platform")

        assert figure(written.session, "reliability_improvements", QUARTER).value == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"after": None}, "outcome not measured"),
        ({"measured_at": None}, "outcome not measured"),
        ({"metric": None}, "outcome not measured"),
        ({"category": "cost"}, "another category"),
        ({"status": "dropped"}, "not delivered"),
        ({"deleted_at": NOW}, "deleted"),
    ],
)
def test_a_count_without_an_effect_says_why_it_does_not_count(
    sqlite: Engine, changes: dict[str, Any], reason: str
) -> None:
    with books(sqlite) as written:
        delivered(written, **changes)

        found = figure(written.session, "reliability_improvements", QUARTER)
        assert (found.value, found.excluded) == (0, {reason: 1})


def test_work_opened_again_belongs_to_its_last_delivery(sqlite: Engine) -> None:
    with books(sqlite) as written:
        delivered(written, delivered_at=at("10-02"))

        assert figure(written.session, "reliability_improvements", QUARTER).n is None
        assert figure(written.session, "reliability_improvements", "2026-Q4").value == 1


@pytest.mark.parametrize(("number", "status"), [(0, Status.OFF_TARGET), (2, Status.ON_TARGET), (4, Status.OFF_TARGET)])
def test_the_band_is_one_to_three_a_quarter(sqlite: Engine, number: int, status: Status) -> None:
    with books(sqlite) as written:
        delivered(written, delivered_at=at("05-14"))
        for _ in range(number):
            delivered(written)

        assert read_one(written.session, "reliability_improvements", QUARTER).status is status


def test_a_month_has_no_target(sqlite: Engine) -> None:
    with books(sqlite) as written:
        delivered(written)

        found = read_one(written.session, "reliability_improvements", "2026-08")
        assert (found.target, found.status_reason) == (None, "The target is meant for a quarter.")


def test_the_rows_behind_it_tell_what_was_moved(database: Engine) -> None:
    with books(database) as written:
        delivered(written)
        delivered(written, after=None)

        period = parse(QUARTER, UTC_ZONE)
        rows = records(written.session, "reliability_improvements", WORKSPACE, period.start, period.end).rows
        assert [row.note for row in rows] == ["failed releases: 4 → 1", ""]


def test_no_model_or_team_has_a_zero_that_means_unknown(sqlite: Engine) -> None:
    with books(sqlite) as written:
        delivered(written)

        for scope in (Scope(ScopeKind.TEAM, "Search"), Scope(ScopeKind.MODEL, "ranker")):
            assert read_one(written.session, "reliability_improvements", QUARTER, scope).value is None
