"""What is concluded from one fact alone when it is written down."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.contracts.facts import KINDS
from ops_console.contracts.vocabulary import MODEL_CARD_FIELDS
from ops_console.core.columns import instant
from ops_console.ingest import tables
from ops_console.ingest.days import day_end, day_start
from ops_console.ingest.finish_quality import filled, regressed
from ops_console.ingest.recorded import KEPT
from tests.ingest.deliveries import deliver, fact, kept

LONDON = ZoneInfo("Europe/London")


def judged(**said: Any) -> bool | None:
    return regressed(fact("evaluations", **said).__dict__)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"models", "costs"}))
def test_every_kind_is_kept_and_a_second_delivery_changes_nothing(sqlite: Engine, kind: str) -> None:
    if kind == "sli_slices":
        deliver(sqlite, "slos")
    assert deliver(sqlite, kind).new == 1
    assert deliver(sqlite, kind).unchanged == 1
    assert len(kept(sqlite, KEPT[kind].table, "id")) == 1


class TestEvaluations:
    def test_the_verdict_of_the_source_stands(self) -> None:
        assert judged(verdict="regressed", value=1, baseline=0, direction="higher") is True
        assert judged(verdict="passed") is False
        assert judged(verdict="inconclusive", value=0, baseline=1, direction="higher", threshold=0) is None

    @pytest.mark.parametrize(
        ("direction", "value", "expected"),
        [("higher", "0.89", True), ("higher", "0.90", False), ("lower", "1.11", True), ("lower", "1.10", False)],
    )
    def test_worse_by_more_than_the_threshold_is_a_regression(self, direction: str, value: str, expected: bool) -> None:
        assert judged(value=value, baseline="1.00", threshold="0.10", direction=direction) is expected

    def test_without_a_threshold_an_interval_must_exclude_the_baseline(self) -> None:
        known = {"value": "0.9", "baseline": "1", "direction": "higher"}
        assert judged(**known, ci_high="0.99") is True
        assert judged(**known, ci_high="1.01") is False
        assert judged(**known) is None

    def test_nothing_is_said_where_nobody_said_which_way_is_better(self) -> None:
        assert judged(value="0.9", baseline="1", threshold="0") is None


class TestModelCards:
    @pytest.mark.parametrize("tier", MODEL_CARD_FIELDS)
    def test_a_card_is_complete_for_the_strictest_tier_it_satisfies(self, sqlite: Engine, tier: int) -> None:
        deliver(sqlite, "documents", {"fields_present": sorted(MODEL_CARD_FIELDS[tier])})
        assert kept(sqlite, tables.documents, "complete_for_tier") == [tier]

    def test_a_card_without_its_limits_is_complete_for_none(self, sqlite: Engine) -> None:
        deliver(sqlite, "documents", {"fields_present": sorted(MODEL_CARD_FIELDS[1] - {"limitations"})})
        assert kept(sqlite, tables.documents, "complete_for_tier") == [None]

    def test_a_runbook_is_no_card(self, sqlite: Engine) -> None:
        deliver(sqlite, "documents", {"kind": "runbook", "fields_present": sorted(MODEL_CARD_FIELDS[1])})
        assert kept(sqlite, tables.documents, "complete_for_tier") == [None]

    def test_the_words_of_a_template_fill_in_nothing(self) -> None:
        said = ["Owner", "limitations=[More Information Needed]", "metrics=NDCG 0.41", "fairness=TBD", "rollback="]
        assert filled(said) == ["owner", "metrics"]


class TestAlerts:
    def test_the_fingerprint_of_the_alert_is_not_taken_for_ours(self, sqlite: Engine) -> None:
        deliver(sqlite, "alerts", {"fingerprint": "abc"})
        ((firing, ours),) = kept(sqlite, tables.alerts, "firing", "fingerprint")
        assert firing == "abc"
        assert ours not in ("", "abc")

    def test_its_class_is_kept_under_the_name_producers_use(self, sqlite: Engine) -> None:
        deliver(sqlite, "alerts", {"class": "ticket"})
        assert kept(sqlite, tables.alerts, "class") == ["ticket"]

    def test_an_alert_that_names_no_model_is_kept(self, sqlite: Engine) -> None:
        deliver(sqlite, "alerts", {"service": None})
        assert kept(sqlite, tables.alerts, "entry_id") == [None]


class TestDays:
    def test_a_day_begins_and_ends_at_midnight_of_the_workspace(self) -> None:
        day = date(2026, 10, 25)
        assert instant(day_start(day, LONDON) or 0).isoformat() == "2026-10-24T23:00:00+00:00"
        assert instant(day_end(day, LONDON) or 0).isoformat() == "2026-10-26T00:00:00+00:00"

    def test_an_unknown_day_stays_unknown(self) -> None:
        assert day_start(None, LONDON) is None
        assert day_end(None, LONDON) is None

    @pytest.mark.parametrize("day", [date.min, date.max])
    def test_a_day_at_the_edge_of_the_calendar_breaks_nothing(self, day: date) -> None:
        zone = ZoneInfo("Pacific/Kiritimati")
        assert (day_start(day, zone) or 0) < (day_end(day, zone) or 0)

    def test_an_outcome_belongs_to_the_period_its_last_day_lies_in(self, sqlite: Engine) -> None:
        deliver(sqlite, "outcomes", {"period_end": "2026-10-31", "observed": Decimal("1.2")})
        (ends_at,) = kept(sqlite, tables.outcomes, "ends_at")
        assert instant(ends_at).date() == date(2026, 10, 31)


def test_what_the_store_may_refuse_comes_with_what_its_row_said() -> None:
    """A batch keeps the text of facts that are told once: without it the store could not say what it refused."""
    assert [kind for kind in KEPT if KINDS[kind].told_once] == [kind for kind in KEPT if KEPT[kind].needs_slo]
