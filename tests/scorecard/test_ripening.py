"""Cases of a period that may still change: counted beside the figure, and no news."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ops_console.measures import signals
from ops_console.measures.readings import Signal
from tests.kpis.records import at
from tests.scorecard.measuring import books, read_one, released


def test_young_releases_may_still_turn_out_to_have_failed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 10)
        written.release(written.model(), at("10-30"))

        found = read_one(written.session, "change_failure_rate")
        assert (found.n, found.detail["maturing"], found.detail["matures_days"]) == (11, 1, 7)


def test_a_release_that_has_failed_may_no_longer_fail(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.failure(written.model(), at("10-30"))

        assert "maturing" not in read_one(written.session, "change_failure_rate").detail


def test_a_release_nobody_evaluated_so_far_may_still_turn_out_worse(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 10)
        written.release(written.model(), at("10-30"))

        assert read_one(written.session, "regression_rate").detail["maturing"] == 1


@pytest.mark.parametrize(("days", "signal"), [(6, Signal.TOO_LITTLE), (8, Signal.WORSE)])
def test_a_period_whose_releases_may_still_fail_is_no_news(sqlite: Engine, days: int, signal: Signal) -> None:
    with books(sqlite) as written:
        for month in ("02", "03", "04", "05", "06", "07", "08", "09"):
            released(written, 10, month=month, failed=1)
        released(written, 10, failed=9)

        now = at("11-01 00:00") + timedelta(days=days)
        found = read_one(written.session, "change_failure_rate", now=now)
        assert found.signal is signal
        assert (found.signal_rule == signals.UNRIPE) == (signal is Signal.TOO_LITTLE)
