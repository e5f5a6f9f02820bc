"""A new baseline: from its start on, the usual range is found in its own points alone."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.errors import BadInput, NotFound
from ops_console.measures.annotations import AnnotationKind
from ops_console.measures.readings import Reading, machine
from ops_console.measures.scopes import WORKSPACE, Scope, parse
from ops_console.scorecard import baselines
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books, read_one

FROM = at("2026-03-01T00:00")
"""The month in which the company began to ship three times as often."""
KEY = "model_deployments"


def shipped(written: Books) -> None:
    """Ten or eleven releases a month from January 2025, thirty or so from March 2026."""
    model = written.model(tier=1, team="Search")
    for month in range(22):
        first = at("2025-01-01T00:00").replace(year=2025 + month // 12, month=month % 12 + 1)
        for number in range((30 if first >= FROM else 10) + month % 2):
            written.release(model, first + timedelta(hours=number))


def started(session: Session, scope: Scope = WORKSPACE, reason: str = "New pipeline") -> int:
    return baselines.start(session, KEY, scope, FROM, "lee@example.com", reason).id or 0


def october(written: Books, **more: object) -> Reading:
    return read_one(written.session, KEY, **more)  # type: ignore[arg-type]


def test_limits_come_from_the_points_of_the_baseline_alone(database: Engine) -> None:
    with books(database) as written:
        shipped(written)
        before = october(written)
        started(written.session)
        after = october(written)

    assert before.limit_points > after.limit_points == 8
    assert before.centre is not None and before.centre < 25
    assert after.centre is not None and 30 <= after.centre <= 31
    assert after.trial


def test_the_reading_says_since_when_why_and_who(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        started(written.session)
        told = machine(october(written))

    assert told["baseline_from"] == "2026-03-01T00:00:00Z"
    assert (told["baseline_reason"], told["baseline_set_by"]) == ("New pipeline", "lee@example.com")


def test_periods_before_it_keep_the_limits_they_had(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        before = read_one(written.session, KEY, "2026-02")
        started(written.session)
        after = read_one(written.session, KEY, "2026-02")

    assert (after.centre, after.limit_points) == (before.centre, before.limit_points)
    assert after.baseline_from is None


def test_with_fewer_than_six_points_there_is_no_usual_range(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        started(written.session)

        assert read_one(written.session, KEY, "2026-07").centre is None
        assert read_one(written.session, KEY, "2026-08").centre is not None


def test_it_binds_for_its_scope_and_no_other(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        started(written.session, parse("tier:1"))

        assert october(written).baseline_from is None
        assert october(written, scope=parse("tier:1")).baseline_from == FROM
        assert october(written, scope=parse("team:Search")).baseline_from is None


def test_the_newest_that_has_begun_is_in_force(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        started(written.session)
        baselines.start(written.session, KEY, WORKSPACE, at("2026-09-01T00:00"), "lee@example.com", "Once more")

        assert october(written).baseline_reason == "Once more"
        assert read_one(written.session, KEY, "2026-08").baseline_reason == "New pipeline"


def test_withdrawn_it_is_as_if_it_had_never_been_and_stays_on_record(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        before = october(written)
        number = started(written.session)
        baselines.withdraw(written.session, number, "roe@example.com", "It was the holidays")
        after = october(written)
        (row,) = baselines.about(written.session, KEY, WORKSPACE)

    assert (after.centre, after.baseline_from) == (before.centre, None)
    assert (row.withdrawn_by, row.withdrawn_reason) == ("roe@example.com", "It was the holidays")


def test_it_cannot_be_withdrawn_twice(sqlite: Engine) -> None:
    with books(sqlite) as written:
        number = started(written.session)
        baselines.withdraw(written.session, number, "roe@example.com", "Wrong")
        with pytest.raises(NotFound, match="no baseline"):
            baselines.withdraw(written.session, number, "roe@example.com", "Wrong")


def test_it_is_told_beside_the_chart(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shipped(written)
        started(written.session)
        told = [each for each in october(written).annotations if each.kind is AnnotationKind.BASELINE]

    assert [(each.at, each.text, each.by) for each in told] == [(FROM, "New pipeline", "lee@example.com")]


@pytest.mark.parametrize(
    ("key", "begins", "reason", "message"),
    [
        ("luck", FROM, "New pipeline", "is no KPI"),
        (KEY, FROM, "  ", "needs a reason"),
        (KEY, FROM + timedelta(hours=1), "New pipeline", "begins with a period"),
    ],
)
def test_what_makes_no_sense_is_refused(sqlite: Engine, key: str, begins: object, reason: str, message: str) -> None:
    with books(sqlite) as written, pytest.raises(BadInput, match=message):
        baselines.start(written.session, key, WORKSPACE, begins, "lee@example.com", reason)  # type: ignore[arg-type]
