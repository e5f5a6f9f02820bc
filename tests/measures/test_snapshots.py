"""How things stood at the end of a period: then, and not now."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.db import transaction
from ops_console.ingest.outdated import mark
from ops_console.measures.figures import Figure
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.refresh import rebuild, refresh
from tests.kpis.governance_records import BEFORE, live_model, step
from tests.kpis.records import NOW, Books, at
from tests.scorecard.changing import points
from tests.scorecard.measuring import books, counted, figure, read_one

KEY = "pipeline_automation"


def periods_of(session: Session, grain: str = "month") -> list[str]:
    kept = select(col(ScorecardPoint.period)).where(
        col(ScorecardPoint.kpi) == KEY,
        col(ScorecardPoint.grain) == grain,
        col(ScorecardPoint.scope_kind) == "workspace",
    )
    return list(session.scalars(kept.order_by(col(ScorecardPoint.starts_at))))


def test_the_state_is_that_of_each_end_and_not_todays(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model)
        step(written, model, automated_since=at("09-10"))
        step(written, model, added_at=at("10-05"), automated_since=at("10-05"))
        step(written, model, removed_at=at("10-31 23:59"))

        shares = [figure(written.session, KEY, month) for month in ("2026-08", "2026-09", "2026-10")]
        assert [(found.k, found.n) for found in shares] == [(0, 3), (1, 3), (2, 3)]


def test_what_changed_at_the_very_end_of_a_period_belongs_to_the_next(sqlite: Engine) -> None:
    with books(sqlite) as written:
        step(written, live_model(written), automated_since=at("11-01 00:00"))

        assert figure(written.session, KEY, "2026-10").k == 0
        assert figure(written.session, KEY, "2026-10-01..2026-11-01").k == 1


def test_scopes_are_as_they_stood_then(database: Engine) -> None:
    with books(database) as written:
        model = written.entry("ranker")
        moved = at("10-10")
        written.stood(model, EPOCH, moved, team="Search", tier=1, lifecycle="production")
        written.stood(model, moved, FOREVER, team="Risk", tier=2, lifecycle="production")
        step(written, model)

        assert figure(written.session, KEY, "2026-09", "team:Search").n == 1
        assert figure(written.session, KEY, "2026-10", "team:Search") == Figure()
        assert (figure(written.session, KEY, "2026-10", "tier:2").n, figure(written.session, KEY).n) == (1, 1)


def test_a_model_counts_while_it_is_in_production(database: Engine) -> None:
    with books(database) as written:
        model = written.entry("ranker")
        written.stood(model, EPOCH, at("08-10"), lifecycle="experimental")
        written.stood(model, at("08-10"), at("10-10"), lifecycle="production")
        written.stood(model, at("10-10"), FOREVER, lifecycle="retired")
        step(written, model)

        months = ("2026-07", "2026-08", "2026-09", "2026-10")
        assert [figure(written.session, KEY, month).n for month in months] == [None, 1, 1, None]


def test_a_deleted_model_was_there_before(sqlite: Engine) -> None:
    with books(sqlite) as written:
        step(written, live_model(written, deleted_at=at("10-10")))

        assert (figure(written.session, KEY, "2026-09").n, figure(written.session, KEY, "2026-10").n) == (1, None)


def test_a_service_and_a_name_that_nobody_registered_are_no_models_in_production(sqlite: Engine) -> None:
    with books(sqlite) as written:
        step(written, live_model(written, "gateway", kind="service"))
        step(written, written.model("unheard-of"))

        assert figure(written.session, KEY) == Figure()


def test_before_the_first_event_there_is_no_state(database: Engine) -> None:
    """In points, in a range of days and in the records alike."""
    with books(database) as written:
        step(written, live_model(written), added_at=at("08-10"))
        rebuild(written.session, NOW)

        assert periods_of(written.session) == ["2026-08", "2026-09", "2026-10", "2026-11"]
        assert periods_of(written.session, "quarter") == ["2026-Q3", "2026-Q4"]
        assert figure(written.session, KEY, "2026-01-01..2026-08-09") == Figure()


def test_a_running_period_is_as_of_now_and_not_as_it_will_end(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        for _ in range(10):
            step(written, model)
        step(written, model, automated_since=NOW - timedelta(hours=1))
        step(written, model, added_at=NOW + timedelta(days=1))

        found = read_one(written.session, KEY, "2026-11")
        assert (found.k, found.n, found.is_running) == (1, 11, True)
        assert found.window_end == NOW


def test_a_stretch_of_days_that_has_not_ended_is_as_of_now(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        step(written, model)
        step(written, model, added_at=NOW + timedelta(days=1))

        assert read_one(written.session, KEY, "2026-10-20..2026-11-20").n == 1


def test_what_stands_goes_on_standing_without_new_facts(sqlite: Engine) -> None:
    with books(sqlite) as written:
        step(written, live_model(written), added_at=at("08-10"))
        rebuild(written.session, NOW)
        refresh(written.session, NOW + timedelta(days=70))

        assert periods_of(written.session)[-1] == "2027-01"


@pytest.mark.parametrize(
    "changes",
    [
        {"automated_since": at("03-10")},
        {"removed_at": at("06-10")},
        {"added_at": at("02-10")},
        {"added_at": at("07-10")},
        {"deleted_at": at("05-10")},
        {"flow": "score"},
    ],
    ids=["automated", "removed", "added earlier", "added later", "deleted", "another flow"],
)
def test_a_late_word_about_the_past_refreshes_to_what_a_rebuild_gives(
    database: Engine, changes: dict[str, datetime | str]
) -> None:
    with transaction(database) as session:
        written = Books(session)
        model = live_model(written)
        late = step(written, model, added_at=BEFORE + timedelta(days=60))
        step(written, model, added_at=BEFORE + timedelta(days=90))
        rebuild(session, NOW)

        spots = [late.added_at]
        for name, value in changes.items():
            setattr(late, name, value)
            spots += [value] if isinstance(value, datetime) and name != "deleted_at" else []
        session.flush()
        mark(session, "steps", [(spot, spot) for spot in spots])
        refresh(session, NOW)
        refreshed = points(session)
        rebuild(session, NOW)

        assert refreshed == points(session)


def test_a_model_that_left_production_long_ago_refreshes_to_what_a_rebuild_gives(database: Engine) -> None:
    with transaction(database) as session:
        written = Books(session)
        model, left = written.entry("ranker"), at("06-10")
        written.stood(model, EPOCH, left, lifecycle="production")
        written.stood(model, left, FOREVER, lifecycle="production")
        step(written, model)
        rebuild(session, NOW)

        held = session.connection().exec_driver_sql("SELECT max(id) FROM catalog_interval").scalar()
        session.connection().exec_driver_sql(f"UPDATE catalog_interval SET lifecycle = 'retired' WHERE id = {held}")
        mark(session, "models", [(left, FOREVER)])
        refresh(session, NOW)
        refreshed = points(session)
        rebuild(session, NOW)

        assert refreshed == points(session)
        assert periods_of(session)[-1] == "2026-05"


def test_the_number_of_statements_does_not_depend_on_things_or_periods(sqlite: Engine) -> None:
    numbers = []
    with books(sqlite) as written:
        rebuild(written.session, NOW)
        for models, since in ((2, at("08-10")), (5, BEFORE)):
            for _ in range(models):
                step(written, live_model(written, f"m{next(written.numbers)}"), added_at=since)
            written.session.execute(delete(ScorecardPoint))
            with counted(written.session) as statements:
                rebuild(written.session, NOW)
            numbers.append(len(statements))

    assert numbers[0] == numbers[1]
