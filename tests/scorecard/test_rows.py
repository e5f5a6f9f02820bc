"""The rows behind a number are the rows the number came from."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.errors import NotFound
from ops_console.core.periods import parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.scopes import WORKSPACE
from ops_console.measures.scopes import parse as scope_of
from ops_console.scorecard.record import RecordPage
from ops_console.scorecard.rows import records
from tests.examples import examples
from tests.kpis.records import Books, at, minutes
from tests.scorecard.changing import FIRST, Company
from tests.scorecard.measuring import UTC_ZONE, books, figure

OCTOBER = parse("2026-10", UTC_ZONE)


def behind(session: Session, key: str, scope: str = "workspace", **more: Any) -> RecordPage:
    return records(session, key, scope_of(scope), OCTOBER.start, OCTOBER.end, **more)


def test_rows_carry_their_time_subject_measure_and_link(database: Engine) -> None:
    with books(database) as written:
        live = at("10-20")
        release = written.release(written.model(), live, version="v4", ready_at=live - timedelta(days=2))

        (row,) = behind(written.session, "lead_time").rows
        assert (row.subject, row.anchor, row.label, row.measure) == ("ranker", live, "v4", 2 * 86_400)
        assert (row.record, row.url, row.excluded) == ("deployment", f"/deployments/{release.id}", None)


def test_left_out_rows_follow_with_their_reason(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        written.incident(model, at("10-14"), at("10-15"), maintenance=True)
        written.incident(model, at("10-12"), at("10-12") + minutes(30))
        written.incident(model, at("10-20"), None)

        page = behind(written.session, "mttr")
        assert [row.excluded for row in page.rows] == [None, "still open", "maintenance"]
        assert (page.total, page.counted, page.excluded) == (3, 1, {"maintenance": 1, "still open": 1})


def test_a_page_is_a_part_of_all(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        for hour in range(7):
            written.release(model, at("10-14 00:00") + timedelta(hours=hour), version=str(hour))

        page = behind(written.session, "model_deployments", limit=3, offset=2)
        assert ([row.label for row in page.rows], page.total) == (["4", "3", "2"], 7)


def walked(session: Session, key: str, limit: int, between: Callable[[], None] = lambda: None) -> list[str]:
    """The labels of all pages, each begun behind the last row of the one before."""
    page = behind(session, key, limit=limit)
    labels = [row.label for row in page.rows]
    while page.last is not None:
        between()
        page = behind(session, key, limit=limit, after=page.last)
        labels += [row.label for row in page.rows]
    return labels


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_behind_one_another_are_the_whole_list(database: Engine, limit: int) -> None:
    with books(database) as written:
        model, same = written.model(), at("10-14")
        for number in range(4):
            written.incident(model, same, same + minutes(30), title=f"{number}")
        written.incident(model, same, same + minutes(30), title="out", maintenance=True)
        written.incident(model, at("10-20"), None, title="open")

        assert walked(written.session, "mttr", limit) == ["3", "2", "1", "0", "open", "out"]


def test_rows_that_arrive_between_pages_hide_and_repeat_none(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        for day in range(10, 16):
            written.release(model, at(f"10-{day}"), version=f"{day}")
        days = iter(range(16, 30))

        def arrive() -> None:
            day = next(days)
            written.release(model, at(f"10-{day}"), version=f"{day}")
            written.release(model, at("10-10") - timedelta(days=day - 10), version=f"late {day}")

        found = walked(written.session, "model_deployments", 2, arrive)
        assert [label for label in found if not label.startswith("late")] == ["15", "14", "13", "12", "11", "10"]
        assert len(set(found)) == len(found)


def test_lists_of_parts_go_on_behind_a_part(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for number, question in enumerate(("docs", "pace", "satisfaction")):
            written.answers([9] * 5, anchored_at=at("10-10") + minutes(number), question=question)

        assert walked(written.session, "stakeholder_satisfaction", 1) == ["docs", "pace", "satisfaction"]


@pytest.mark.parametrize(("scope", "count"), [("team:Search", 1), ("tier:2", 1), ("model:b", 1), ("workspace", 2)])
def test_rows_are_those_of_the_scope(database: Engine, scope: str, count: int) -> None:
    with books(database) as written:
        written.release(written.model("a", tier=1, team="Search"), at("10-14"))
        written.release(written.model("b", tier=2, team="Risk"), at("10-14"))

        assert behind(written.session, "change_failure_rate", scope).total == count


def test_money_rows_name_their_currency(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(at("10-14"), "12.50", currency="EUR")

        (row,) = behind(written.session, "cost_vs_budget").rows
        assert (row.measure, row.currency) == (Decimal("12.50"), "EUR")


def test_objectives_are_listed_whole_and_answers_never(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.days(written.slo(written.model(), "api"), OCTOBER.start, 31, 1, 2)
        written.answers([9] * 5, anchored_at=at("10-10"))
        written.answers([1] * 2, anchored_at=at("10-10"), question="docs")

        (slo,) = behind(written.session, "slo_attainment").rows
        assert (slo.label, slo.measure, slo.url) == ("api", 0.5, "/models/ranker")
        questions = behind(written.session, "stakeholder_satisfaction")
        assert [(row.label, row.n, row.excluded) for row in questions.rows] == [
            ("docs", 0, "hidden to protect answers"),
            ("satisfaction", 5, None),
        ]


def test_an_unknown_kpi_is_said_to_be_unknown(sqlite: Engine) -> None:
    with books(sqlite) as written, pytest.raises(NotFound, match="no KPI"):
        behind(written.session, "happiness")


STEPS = st.lists(
    st.tuples(st.sampled_from(("release", "incident", "cost")), st.integers(630, 680), st.integers(1, 23)),
    min_size=3,
    max_size=15,
    unique=True,
)


@given(steps=STEPS)
@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_a_number_and_its_rows_never_disagree(sqlite: Engine, steps: list[tuple[str, int, int]]) -> None:
    with books(sqlite) as written:
        company = Company.founded(written.session)
        for step in steps:
            company.take(step)
        for key in ("model_deployments", "lead_time", "change_failure_rate", "mttr", "cost_vs_budget"):
            for scope in ("workspace", "team:Search", "tier:2", "model:m1"):
                _agree(written, key, scope)
        written.session.rollback()


def _agree(written: Books, key: str, scope: str) -> None:
    found, page = figure(written.session, key, scope=scope), behind(written.session, key, scope, limit=1000)
    measured = [row.measure for row in page.rows if row.excluded is None and row.measure is not None]
    assert page.excluded == found.excluded
    if key == "cost_vs_budget":
        assert sum(measured) == (found.k or 0)
        return
    assert page.counted == (found.n or 0)
    if key == "change_failure_rate":
        assert sum(measured) == (found.k or 0)
    if found.spread:
        assert found.spread["mean"] == pytest.approx(float(sum(measured)) / len(measured))


def test_every_kpi_lists_rows(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for key in CATALOGUE:
            assert records(written.session, key, WORKSPACE, FIRST, OCTOBER.end).total == 0
