"""What people write, and what rules tell of themselves, beside the figures in whose scope and time it happened."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from ops_console.core.clock import iso
from ops_console.core.errors import BadInput, NotFound
from ops_console.kpis import CATALOGUE
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import machine
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.measures.scopes import parse as scope_of
from ops_console.records.annotations import Annotation as Row
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard import read
from ops_console.scorecard.annotations import about, annotate, withdraw
from ops_console.scorecard.counted import with_counts
from ops_console.scorecard.targets import set_target
from ops_console.scorecard.targets import withdraw as withdraw_target
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import HEALTHY, books, counted, read_one, released

DAY = 86_400
SEARCH = Scope(ScopeKind.TEAM, "Search")
RANKER = Scope(ScopeKind.MODEL, "ranker")


def noted(session: Session, text: str = "code freeze", day: str = "09-10", **changes: Any) -> Row:
    usual = {"kind": AnnotationKind.NOTE, "scope": WORKSPACE, "kpi": None, "until_at": None, "by": "A. Lee"}
    return annotate(session, text=text, from_at=at(day), **usual | changes)


def told(session: Session, scope: Scope = WORKSPACE, key: str = "lead_time", **more: Any) -> list[str]:
    """What stands beside a figure, in order."""
    return [each.text for each in read_one(session, key, scope=scope, **more).annotations]


def test_it_stands_beside_every_reading_in_its_time(database: Engine) -> None:
    with books(database) as written:
        released(written, 9)
        noted(written.session, "later", "10-10")
        noted(written.session, "earlier", "09-10")

        assert told(written.session) == ["earlier", "later"]
        assert told(written.session, period="2026-09") == ["earlier"]


@pytest.mark.parametrize(
    ("first", "until", "period", "seen"),
    [
        ("11-01 00:00", None, "2026-10", False),
        ("10-31 23:59", None, "2026-10", True),
        ("2024-09-10 00:00", None, "2026-10", False),
        ("2024-09-10 00:00", "2024-10-01 00:00", "2026-10", False),
        ("2024-09-10 00:00", "2024-10-01 00:01", "2026-10", True),
    ],
)
def test_time_is_half_open(sqlite: Engine, first: str, until: str | None, period: str, seen: bool) -> None:
    with books(sqlite) as written:
        noted(written.session, day=first, until_at=at(until) if until else None)

        assert (told(written.session, period=period) == ["code freeze"]) is seen


@pytest.mark.parametrize(
    ("written_for", "seen_at", "seen"),
    [
        ("workspace", "team:Search", True),
        ("team:Search", "team:Search", True),
        ("team:Search", "team:Risk", False),
        ("team:Search", "workspace", False),
        ("team:Search", "model:ranker", True),
        ("tier:1", "model:ranker", True),
        ("tier:2", "model:ranker", False),
        ("model:ranker", "model:ranker", True),
        ("model:ranker", "team:Search", False),
    ],
)
def test_a_chart_shows_its_own_scope_and_those_it_lies_in(
    sqlite: Engine, written_for: str, seen_at: str, seen: bool
) -> None:
    with books(sqlite) as written:
        written.model("ranker", tier=1, team="Search")
        noted(written.session, scope=scope_of(written_for))

        assert (told(written.session, scope_of(seen_at)) == ["code freeze"]) is seen


def test_a_model_shows_what_was_written_about_the_team_it_was_in_then(sqlite: Engine) -> None:
    with books(sqlite) as written:
        entry = written.entry("ranker")
        written.stood(entry, at("01-01 00:00"), at("09-01 00:00"), team="Search")
        written.stood(entry, at("09-01 00:00"), at("2030-01-01 00:00"), team="Risk")
        noted(written.session, "before the move", "08-10", scope=SEARCH)
        noted(written.session, "after the move", "09-10", scope=SEARCH)

        assert told(written.session, RANKER) == ["before the move"]


def test_it_is_about_one_kpi_or_about_all(sqlite: Engine) -> None:
    with books(sqlite) as written:
        noted(written.session, "this one", "09-01", kpi="lead_time")
        noted(written.session, "each", "09-02")

        assert told(written.session) == ["this one", "each"]
        assert told(written.session, key="mttr") == ["each"]


def test_a_withdrawn_one_is_drawn_nowhere_and_stays_with_who_when_and_why(database: Engine) -> None:
    with books(database) as written:
        row = noted(written.session)
        withdraw(written.session, row.id or 0, "B. Cho", "wrong cluster")

        assert told(written.session) == []
        (kept,) = about(written.session, "lead_time", WORKSPACE)
        written.session.refresh(kept)
        assert (kept.text, kept.withdrawn_by, kept.withdrawn_reason) == ("code freeze", "B. Cho", "wrong cluster")
        assert kept.withdrawn_at is not None and kept.made_by == "A. Lee"


def test_nothing_is_withdrawn_twice(sqlite: Engine) -> None:
    with books(sqlite) as written:
        row = noted(written.session)
        withdraw(written.session, row.id or 0, "B. Cho", "wrong")
        with pytest.raises(NotFound, match="in force"):
            withdraw(written.session, row.id or 0, "C. Ito", "wrong too")
        assert written.session.scalars(select(Row.withdrawn_by)).all() == ["B. Cho"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kpi": "luck"}, "no KPI"),
        ({"kind": AnnotationKind.TARGET}, "nothing a person writes"),
        ({"text": "  "}, "1 to 300 letters"),
        ({"text": "x" * 301}, "1 to 300 letters"),
        ({"until_at": at("09-10")}, "ends before it begins"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(sqlite: Engine, wrong: dict[str, Any], said: str) -> None:
    with books(sqlite) as written, pytest.raises(BadInput, match=said) as refused:
        noted(written.session, **wrong)
    assert refused.value.remedy


class TestTargets:
    def told(self, written: Books, scope: Scope = WORKSPACE) -> list[tuple[datetime, Bounds | None, str]]:
        found = read_one(written.session, "lead_time", scope=scope).annotations
        return [(each.at, each.target, each.text) for each in found if each.kind is AnnotationKind.TARGET]

    def test_a_target_that_began_to_hold_is_told_with_its_reason(self, database: Engine) -> None:
        with books(database) as written:
            set_target(written.session, "lead_time", WORKSPACE, Bounds(high=10 * DAY), at("09-01"), "A. Lee", "Q3 plan")

            assert self.told(written) == [(at("09-01"), Bounds(high=10 * DAY), "Q3 plan")]

    def test_a_withdrawn_target_says_that_there_is_none(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            withdraw_target(written.session, "lead_time", WORKSPACE, at("09-01"), "A. Lee", "no longer agreed")

            assert self.told(written) == [(at("09-01"), None, "no longer agreed")]

    def test_a_team_without_its_own_shows_that_of_all_models(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            set_target(written.session, "lead_time", WORKSPACE, Bounds(high=10 * DAY), at("09-01"), "A. Lee")

            assert len(self.told(written, SEARCH)) == 1

    def test_one_that_a_narrower_target_outranks_is_no_change(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            set_target(written.session, "lead_time", SEARCH, Bounds(high=8 * DAY), at("08-01"), "A. Lee", "ours")
            set_target(written.session, "lead_time", WORKSPACE, Bounds(high=10 * DAY), at("09-01"), "A. Lee", "all")

            assert [text for _, _, text in self.told(written, SEARCH)] == ["ours"]
            assert [text for _, _, text in self.told(written)] == ["all"]

    def test_of_two_for_the_same_day_the_one_set_last_counts(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for high in (10, 9):
                set_target(written.session, "lead_time", WORKSPACE, Bounds(high=high * DAY), at("09-01"), "A. Lee")

            assert [bounds for _, bounds, _ in self.told(written)] == [Bounds(high=9 * DAY)]


def test_points_of_another_definition_are_told_by_version(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(CATALOGUE["lead_time"], version=2, changes=("shadow traffic is left out",))
    with books(sqlite) as written:
        released(written, 9, month="08")
        released(written, 9)
        read_one(written.session, "lead_time")
        monkeypatch.setitem(CATALOGUE, "lead_time", changed)
        found = read_one(written.session, "lead_time")
        assert found.annotations == ()

        is_old = col(ScorecardPoint.starts_at) < at("09-01")
        written.session.execute(update(ScorecardPoint).where(is_old).values(definition_version=1))
        found = read.reading(written.session, "lead_time", WORKSPACE, found.period, now=NOW, fresh=HEALTHY)
        assert found.annotations == (
            Annotation(at("10-01 00:00"), AnnotationKind.DEFINITION, "shadow traffic is left out", version=2),
        )


MONTHS = [("08-01 00:00", 1), ("10-01 00:00", 2)]


class TestCounted:
    def test_releases_and_incidents_are_counted_by_period(self, database: Engine) -> None:
        with books(database) as written:
            model = written.model("ranker", team="Search")
            for day in ("08-10", "10-10", "10-11"):
                written.release(model, at(day))
                written.incident(model, at(day))
            written.incident(model, at("10-12"), false_positive=True)
            found = read_one(written.session, "model_deployments")
            both = (AnnotationKind.RELEASE, AnnotationKind.INCIDENT)
            told = with_counts(written.session, found, both).annotations

        assert [(each.kind, each.at, each.count) for each in told] == [
            (kind, at(month), number) for kind in both for month, number in MONTHS
        ]

    @pytest.mark.parametrize(
        ("scope", "number"), [("team:Search", 1), ("team:Risk", 1), ("tier:1", 2), ("model:ranker", 1), ("model:x", 0)]
    )
    def test_they_are_counted_where_they_happened(self, sqlite: Engine, scope: str, number: int) -> None:
        with books(sqlite) as written:
            written.incident(written.model("ranker", team="Search", tier=1), at("10-10"))
            written.incident(written.model("scorer", team="Risk", tier=1), at("10-10"))
            found = read_one(written.session, "lead_time", scope=scope_of(scope))
            more = with_counts(written.session, found, [AnnotationKind.INCIDENT])

        assert sum(each.count or 0 for each in more.annotations) == number

    def test_a_kind_costs_one_statement_whatever_there_is(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 40)
            found = read_one(written.session, "lead_time")
            with counted(written.session) as sent:
                with_counts(written.session, found, [AnnotationKind.RELEASE, AnnotationKind.INCIDENT])

        assert len(sent) == 2


def test_machines_read_them_under_plain_names(sqlite: Engine) -> None:
    with books(sqlite) as written:
        noted(written.session, until_at=at("09-12"), scope=WORKSPACE)
        (found,) = machine(read_one(written.session, "lead_time"))["annotations"]
        made_at = iso(written.session.scalars(select(Row.made_at)).one())

    assert found == {
        "at": "2026-09-10T12:00:00Z",
        "until": "2026-09-12T12:00:00Z",
        "kind": "note",
        "text": "code freeze",
        "scope": "workspace",
        "by": "A. Lee",
        "made_at": made_at,
        "count": None,
        "target": None,
        "version": None,
    }
