"""Releases that hurt ÷ releases: never incidents ÷ releases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.measures.figures import Figure
from tests.examples import examples
from tests.kpis.records import NOW, Books, at, minutes
from tests.scorecard.measuring import books, figure

LIVE = at("10-14")
KEY = "change_failure_rate"


def test_three_incidents_of_one_release_are_one_failed_release(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        failed, _ = written.release(model, LIVE), written.release(model, LIVE)
        for _ in range(3):
            written.link(written.incident(model, LIVE, LIVE + minutes(30)), failed)

        found = figure(written.session, KEY)
        assert (found.value, found.k, found.n) == (0.5, Decimal(1), Decimal(2))


def test_a_release_that_was_rolled_back_failed_and_the_rollback_is_no_release(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        bad = written.release(model, LIVE)
        written.release(model, LIVE + minutes(20), kind="rollback", rolls_back_id=bad.id)

        found = figure(written.session, KEY)
        assert (found.k, found.n) == (1, 1)


def test_a_rollback_that_never_went_live_proves_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        bad = written.release(model, LIVE)
        written.release(model, None, kind="rollback", rolls_back_id=bad.id, last_at=LIVE)

        assert figure(written.session, KEY).k == 0


@pytest.mark.parametrize("kind", ["rollback", "config", "restart", "canary", "shadow"])
def test_what_is_no_release_is_not_in_the_denominator(sqlite: Engine, kind: str) -> None:
    with books(sqlite) as written:
        written.release(written.model(), LIVE, kind=kind)

        found = figure(written.session, KEY)
        assert (found.value, found.k, found.n or 0, found.excluded) == (None, None, 0, {})
        assert ("rework" in found.detail) is (kind == "rollback")


@pytest.mark.parametrize(
    "changes",
    [{"false_positive": True}, {"maintenance": True}, {"drill": True}, {"duplicate_of": "7"}, {"deleted_at": NOW}],
)
def test_an_incident_that_does_not_count_fails_nothing(sqlite: Engine, changes: dict[str, object]) -> None:
    with books(sqlite) as written:
        model = written.model()
        written.link(written.incident(model, LIVE, LIVE, **changes), written.release(model, LIVE))

        assert figure(written.session, KEY).value == 0


def test_a_suggestion_waits_beside_the_figure_and_says_how_far_it_could_move_it(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        failed, suspected, *_ = (written.release(model, LIVE) for _ in range(4))
        written.link(written.incident(model, LIVE, LIVE), failed)
        written.link(written.incident(model, LIVE, LIVE), failed, confirmed=False, method="suggestion")
        written.link(written.incident(model, LIVE, LIVE), suspected, confirmed=False, method="suggestion")

        found = figure(written.session, KEY)
        assert found.value == 0.25
        assert (found.detail["suspected"], found.detail["value_if_all_confirmed"]) == (1, 0.5)


def test_a_failure_counts_in_the_period_of_its_release(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        release = written.release(model, at("09-30"))
        written.link(written.incident(model, at("10-02"), at("10-03")), release)

        assert figure(written.session, KEY, "2026-09").value == 1
        assert figure(written.session, KEY, "2026-10") == Figure()


@given(st.lists(st.integers(0, 4), max_size=8))
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_many_incidents_there_are_the_rate_stays_a_share(sqlite: Engine, incidents: list[int]) -> None:
    with books(sqlite) as written:
        try:
            _releases_with(written, incidents)
            found = figure(written.session, KEY)
            assert found.value is None or 0 <= found.value <= 1
            assert (found.k or 0) == sum(1 for number in incidents if number)
        finally:
            written.session.rollback()


def _releases_with(written: Books, incidents: list[int]) -> None:
    model = written.model()
    for hours, number in enumerate(incidents):
        release = written.release(model, LIVE + timedelta(hours=hours))
        for _ in range(number):
            written.link(written.incident(model, LIVE, LIVE + minutes(1)), release)
