"""A reading in words: every KPI in every state, and missing is not zero."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.contracts.document import Tone
from ops_console.core.periods import Grain, parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Bounds, Unit
from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.reporting import words
from tests.reporting.shown import AS_OF, BANNED, DAY, LONDON, OCTOBER, definition, reading

ABSENT = (DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.STALE, DataState.NO_CASES, DataState.TOO_FEW)
A_ZERO = re.compile(r"(?<![\d.,])0(?![\d.,]*[1-9])")
NOT_OF_A_READING = {
    "COMMITS",
    "OUTCOME_COLUMNS",
    "amount",
    "annotation",
    "at_least",
    "between",
    "bounds",
    "held_to",
    "source_line",
    "tone",
    "delta_tone",
}
EVERYTHING = [getattr(words, name) for name in words.__all__ if name not in NOT_OF_A_READING]


def every_word(r: Reading) -> list[str]:
    return [str(say(r)) for say in EVERYTHING] + [words.source_line(r, LONDON)]


def absent(key: str, state: DataState, **changes: Any) -> Reading:
    return reading(key, value=None, k=None, n=None, spread=None, detail={}, data_state=state, **changes)


@pytest.mark.parametrize(
    ("key", "reads"),
    [
        ("model_deployments", "9"),
        ("lead_time", "8.5 days"),
        ("change_failure_rate", "8.0%, 2 of 25"),
        ("mttr", "47 min mean, median 41 min, n=6"),
        ("slo_attainment", "4 of 5 tier 1 met"),
        ("cost_vs_budget", "$48,210, 106% of budget"),
        ("stakeholder_satisfaction", "7.6 of 10, NPS +43 ± 38"),
    ],
)
def test_each_kpi_has_its_own_words(key: str, reads: str) -> None:
    assert words.value(reading(key)) == reads


@pytest.mark.parametrize(
    ("key", "headline", "note"),
    [
        ("lead_time", "8.5 days", "median, n=9"),
        ("change_failure_rate", "8.0%", "2 of 25"),
        ("mttr", "47 min", "mean, median 41 min, n=6"),
        ("slo_attainment", "4 of 5", "tier 1 met, worst ranker-v4 99.84% of 99.90%, 160% of its error budget used"),
        ("stakeholder_satisfaction", "7.6", "of 10, NPS +43 ± 38, n=14"),
    ],
)
def test_a_card_has_a_headline_and_a_note(key: str, headline: str, note: str) -> None:
    assert (words.headline(reading(key)), words.note(reading(key))) == (headline, note)


@pytest.mark.parametrize(("key", "state"), list(product(CATALOGUE, DataState)))
@pytest.mark.parametrize("known", [True, False])
def test_no_reading_says_a_banned_word(key: str, state: DataState, known: bool) -> None:
    r = reading(key, data_state=state, n=Decimal(2)) if known else absent(key, state)
    assert not [text for text in every_word(r) if re.search(BANNED, text, re.IGNORECASE)]


@pytest.mark.parametrize(("key", "state"), list(product(CATALOGUE, DataState)))
def test_an_unknown_value_never_reads_as_zero(key: str, state: DataState) -> None:
    r = absent(key, state)
    assert not A_ZERO.search(words.value(r) + " " + words.headline(r) + " " + words.note(r))
    assert words.headline(r)


@pytest.mark.parametrize("key", CATALOGUE)
def test_nothing_spent_and_no_budget_is_unknown_too(key: str) -> None:
    r = reading(key, value=None, k=Decimal(0), n=Decimal(0), spread=None, detail={}, data_state=DataState.NO_CASES)
    assert not A_ZERO.search(words.value(r))


@pytest.mark.parametrize(
    ("state", "reads"),
    [
        (DataState.NOT_CONNECTED, "Not connected"),
        (DataState.FIRST_SYNC, "First sync running"),
        (DataState.STALE, "No recent data, as of 4 Nov"),
        (DataState.NO_CASES, "No incidents"),
        (DataState.TOO_FEW, "Too few"),
        (DataState.COMPLETE, "No data"),
    ],
)
def test_a_state_stands_in_place_of_a_missing_value(state: DataState, reads: str) -> None:
    assert words.value(absent("mttr", state)) == reads


@pytest.mark.parametrize(
    ("state", "reads"),
    [
        (DataState.STALE, "8.5 days, as of 4 Nov"),
        (DataState.PARTIAL, "8.5 days, 11 of 14 covered"),
        (DataState.ESTIMATED, "8.5 days, estimated"),
        (DataState.COMPLETE, "8.5 days"),
    ],
)
def test_a_state_joins_a_value_that_is_there(state: DataState, reads: str) -> None:
    assert words.value(reading(data_state=state, coverage_known=11, coverage_expected=14)) == reads


def test_what_the_reading_says_about_its_gaps_comes_first() -> None:
    r = reading(data_state=DataState.PARTIAL, data_reason="11 of 14 models", coverage_known=11, coverage_expected=14)
    assert words.state(r) == "11 of 14 models"


@pytest.mark.parametrize("state", ABSENT[:2])
def test_a_source_that_never_delivered_hides_even_a_value(state: DataState) -> None:
    assert "8.5" not in words.value(reading(data_state=state))


def test_a_first_sync_says_how_far_it_is() -> None:
    assert words.value(reading(data_state=DataState.FIRST_SYNC, detail={"progress": 0.4})) == "First sync: 40%"


def test_too_few_cases_are_shown_themselves() -> None:
    r = reading("mttr", n=Decimal(2), data_state=DataState.TOO_FEW, detail={"each": [1320.0, 4320.0]})
    assert words.value(r) == "Too few (n=2), 22 min, 1 h 12 min"
    share = reading("change_failure_rate", k=Decimal(1), n=Decimal(4), data_state=DataState.TOO_FEW)
    assert words.value(share) == "Too few (n=4), 1 of 4"


@pytest.mark.parametrize(("key", "reads"), [("model_deployments", "0"), ("change_failure_rate", "0%, 0 of 25")])
def test_a_real_zero_is_a_zero(key: str, reads: str) -> None:
    assert words.value(reading(key, value=0.0, k=Decimal(0), data_state=DataState.REAL_ZERO)) == reads


def test_money_without_a_budget_is_still_shown() -> None:
    assert words.value(reading("cost_vs_budget", value=None, n=None)) == "$48,210, no budget"


def test_money_that_was_not_spent_is_a_zero_of_a_known_budget() -> None:
    r = reading("cost_vs_budget", value=0.0, k=Decimal(0), data_state=DataState.REAL_ZERO)
    assert words.value(r) == "$0, 0% of budget"


def test_nothing_spent_without_a_budget_says_so_in_words() -> None:
    assert words.value(reading("cost_vs_budget", value=None, k=Decimal(0), n=None)) == "No cost"


def test_a_scale_that_ends_elsewhere_keeps_its_end() -> None:
    r = reading("stakeholder_satisfaction", value=3.8, detail={"scale": [1.0, 5.0], "nps": None})
    assert words.value(r) == "3.8 of 5"


def test_hidden_answers_differ_from_no_answers() -> None:
    hidden = reading("stakeholder_satisfaction", value=None, detail={"hidden": True})
    assert words.value(hidden) == "Hidden to protect answers"
    assert words.value(absent("stakeholder_satisfaction", DataState.NO_CASES)) == "No answers yet"


def test_open_incidents_stand_beside_the_mean() -> None:
    assert words.note(reading("mttr", excluded={"still open": 2})).endswith("n=6, 2 still open")


@pytest.mark.parametrize(
    ("unit", "target", "reads"),
    [
        (Unit.SECONDS, Bounds(high=14 * DAY), "< 14 days"),
        (Unit.COUNT, Bounds(2, 10), "2 to 10 a month"),
        (Unit.COUNT, Bounds(high=0, strict=False), "≤ 0 a month"),
        (Unit.SHARE, Bounds(low=0.999, strict=False), "≥ 99.9%"),
        (Unit.SHARE, Bounds(high=0.1), "< 10%"),
        (Unit.MONEY, Bounds(high=1, strict=False), "≤ 100% of budget"),
        (Unit.SCORE, Bounds(low=8), "> 8"),
        (Unit.SHARE, None, "No target"),
        (Unit.SHARE, Bounds(), "No target"),
    ],
)
def test_a_target_reads_as_people_write_it(unit: Unit, target: Bounds | None, reads: str) -> None:
    assert words.bounds(unit, target, Grain.MONTH) == reads


def test_a_target_names_its_grain_where_it_grows_with_it() -> None:
    assert words.target(reading("model_deployments")) == "2 to 10 a month"
    quarter = reading("model_deployments", period=parse("2026-Q3", LONDON), target=Bounds(6, 30))
    assert words.target(quarter) == "6 to 30 a quarter"
    assert words.target(reading("slo_attainment")) == "all met"


@pytest.mark.parametrize(
    ("status", "icon", "word", "tone"),
    [
        (Status.ON_TARGET, "●", "On target", Tone.GOOD),
        (Status.AT_RISK, "▲", "At risk", Tone.WATCH),
        (Status.OFF_TARGET, "■", "Off target", Tone.BAD),
        (Status.NONE, "○", "No status", Tone.NONE),
    ],
)
def test_a_status_is_icon_word_and_tone(status: Status, icon: str, word: str, tone: Tone) -> None:
    r = reading(status=status)
    assert (words.icon(r), words.status(r), words.tone(r)) == (icon, word, tone)


@pytest.mark.parametrize("signal", Signal)
def test_a_change_is_grey_unless_it_is_a_signal(signal: Signal) -> None:
    coloured = {Signal.BETTER: Tone.GOOD, Signal.WORSE: Tone.BAD}
    assert words.delta_tone(reading(signal=signal)) is coloured.get(signal, Tone.NONE)


def test_trial_limits_are_named() -> None:
    assert words.signal(reading(trial=True)) == "Usual range (trial limits)"
    assert words.signal(reading(trial=True, signal=Signal.TOO_LITTLE)) == "Too little history"


def test_rare_events_are_not_called_too_little_history() -> None:
    rare = reading(signal=Signal.TOO_LITTLE, signal_rule="fewer than 3 a period")
    assert words.signal(rare) == "Too rare for a usual range"


@pytest.mark.parametrize(
    ("key", "previous", "change", "reads", "before"),
    [
        ("model_deployments", 7.0, 2.0, "+2", "Sep 7"),
        ("lead_time", 9.1 * DAY, -0.6 * DAY, "−0.6 days", "Sep 9.1 days"),
        ("change_failure_rate", 0.086, -0.006, "−0.6 pp", "Sep 8.6%"),
        ("stakeholder_satisfaction", 7.3, 0.3, "+0.3", "Sep 7.3"),
        ("cost_vs_budget", 0.99, 0.06, "+6.0 pp of budget", "Sep 99% of budget"),
    ],
)
def test_the_change_reads_beside_what_was_before(
    key: str, previous: float, change: float, reads: str, before: str
) -> None:
    r = reading(key, previous=previous, delta=change, previous_period=OCTOBER.previous())
    assert (words.delta(r), words.previous(r)) == (reads, before)


def test_a_change_of_money_is_told_as_money_where_the_month_before_is_known() -> None:
    before = {"previous": 0.99, "previous_k": Decimal(44870), "previous_period": OCTOBER.previous()}
    r = reading("cost_vs_budget", delta=0.07, **before)
    assert (words.delta(r), words.previous(r)) == ("+$3,340 (+7.4%)", "Sep $44,870")


def test_money_spent_before_is_told_without_a_budget_too() -> None:
    r = reading("cost_vs_budget", value=None, n=None, previous_k=Decimal(44870), previous_period=OCTOBER.previous())
    assert (words.delta(r), words.previous(r)) == ("+$3,340 (+7.4%)", "Sep $44,870")


def test_objectives_met_before_are_counted() -> None:
    before = {"previous": 1.0, "previous_k": Decimal(5), "previous_n": Decimal(5)}
    assert words.previous(reading("slo_attainment", previous_period=OCTOBER.previous(), **before)) == "Sep 5 of 5"


@pytest.mark.parametrize(("n", "before"), [(112, "Sep 94.6%"), (93, "Sep 95%")])
def test_a_share_before_is_rounded_as_its_own_page_rounds_it(n: int, before: str) -> None:
    r = reading("pipeline_automation", previous=0.946, previous_n=Decimal(n), previous_period=OCTOBER.previous())
    alone = reading("pipeline_automation", value=0.946, k=None, n=Decimal(n))
    assert words.previous(r) == before == f"Sep {words.headline(alone)}"


def test_too_few_cases_before_are_no_figure_to_compare_with() -> None:
    before = {"previous": 9.8 * DAY, "previous_n": Decimal(4), "previous_period": OCTOBER.previous()}
    assert words.previous(reading("lead_time", **before)) == "Sep too few (n=4)"


def test_a_period_of_another_year_is_named_with_it() -> None:
    january = parse("2026-01", LONDON)
    assert words.previous(reading(period=january, previous=DAY, previous_period=january.previous())) == "Dec 2025 1 day"


def test_the_period_of_a_year_ago_is_named_with_its_year() -> None:
    r = reading(previous=DAY, previous_period=OCTOBER.a_year_before())
    assert (words.compared(r), words.previous(r)) == ("Oct 2025", "Oct 2025 1 day")


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (9, "first day of Sep"),
        (24, "first day of Sep"),
        (24 * 3 + 9, "first 4 days of Sep"),
        (24 * 3, "first 3 days of Sep"),
    ],
)
def test_a_running_period_names_the_days_it_is_compared_with(hours: int, said: str) -> None:
    september = OCTOBER.previous()
    until = september.start + timedelta(hours=hours)
    assert words.compared(reading(previous_period=september, previous_until=until)) == said
    assert words.compared(reading(previous_period=september, previous_until=september.end)) == "Sep"


def test_nothing_is_said_about_a_past_that_is_unknown() -> None:
    assert words.delta(reading()) == words.previous(reading()) == ""
    assert words.delta(reading("model_deployments", previous=0.0, delta=9.0, previous_period=OCTOBER.previous())) == ""


@pytest.mark.parametrize(
    ("key", "low", "high", "reads"),
    [
        ("lead_time", 5.1 * DAY, 12.2 * DAY, "5.1 to 12.2 days"),
        ("pipeline_automation", 0.806, 0.812, "81%"),
        ("change_failure_rate", 0.0, 0.16, "0 to 16%"),
        ("mttr", 1200.0, 4920.0, "20 min to 1 h 22 min"),
        ("model_deployments", 2.0, 14.24, "2 to 14.2"),
        ("cost_vs_budget", 0.91, 1.06, "91 to 106% of budget"),
    ],
)
def test_the_usual_range_says_its_unit_once(key: str, low: float, high: float, reads: str) -> None:
    assert words.usual(reading(key, lower=low, upper=high)) == reads


def test_without_limits_there_is_no_usual_range() -> None:
    assert words.usual(reading()) == ""


@pytest.mark.parametrize(
    ("low", "high", "reads"),
    [(0.022, 0.2497, "could be 2 to 25%"), (0.02, 0.09, ""), (0.11, 0.3, ""), (0.0057, 0.162, "could be 0.6 to 16%")],
)
def test_the_interval_is_told_where_it_crosses_the_target(low: float, high: float, reads: str) -> None:
    assert words.interval(reading("change_failure_rate", interval_low=low, interval_high=high)) == reads


def test_without_a_target_an_interval_decides_nothing() -> None:
    assert words.interval(reading("change_failure_rate", target=None, interval_low=0.02, interval_high=0.3)) == ""


def test_the_outlook_names_the_usual_range() -> None:
    r = reading(lower=5.1 * DAY, upper=12.2 * DAY, outlook="expect_to_meet")
    assert words.outlook(r).startswith("The usual range, 5.1 to 12.2 days, meets the target: expect to meet it")
    assert words.outlook(replace(r, outlook="Will sometimes miss it.")) == "Will sometimes miss it."
    assert words.outlook(reading()) == ""


def test_the_source_line_says_where_when_how_much_and_by_which_definition() -> None:
    r = reading(coverage_known=13, coverage_expected=14)
    reads = "Source: mlflow, github · as of 4 Nov 2026 09:00 GMT · 13 of 14 covered · definition v3"
    assert words.source_line(r, LONDON) == reads


def test_a_source_line_without_a_source_says_so() -> None:
    reads = "Source: none connected · not yet synced · definition v3"
    assert words.source_line(reading(sources=(), as_of=None), LONDON) == reads


def test_a_running_period_is_so_far() -> None:
    running = reading(is_running=True, as_of=datetime(2026, 10, 12, 9, tzinfo=UTC))
    assert words.period(running) == "Oct so far (12 of 31 days)"
    assert words.period(reading()) == "Oct 2026"


def test_freshness_is_told_in_the_reporting_zone() -> None:
    late = reading(data_state=DataState.STALE, as_of=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    assert words.state(late) == "as of 31 Oct"
    kathmandu = parse("2026-10", ZoneInfo("Asia/Kathmandu"))
    assert words.state(replace(late, period=kathmandu)) == "as of 1 Nov"
    assert words.state(replace(late, as_of=AS_OF.replace(year=2025))) == "as of 4 Nov 2025"


@pytest.mark.parametrize("state", DataState)
def test_each_state_that_needs_somebody_offers_an_action(state: DataState) -> None:
    silent = state in (DataState.COMPLETE, DataState.NO_CASES)
    assert bool(words.action(reading(data_state=state))) is not silent


@given(st.sampled_from(sorted(CATALOGUE)), st.floats(min_value=0, max_value=1e7), st.sampled_from(DataState))
def test_any_value_reads_as_words_without_a_hyphen_or_a_banned_word(key: str, value: float, state: DataState) -> None:
    r = reading(key, value=value, previous=value, delta=-value, previous_period=OCTOBER.previous(), data_state=state)
    assert not [text for text in every_word(r) if re.search(BANNED, text, re.IGNORECASE)]


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_definitions_themselves_say_no_banned_word(key: str) -> None:
    kpi = definition(key)
    texts = (kpi.title, kpi.question, kpi.statistic, kpi.nothing)
    assert not [text for text in texts if re.search(BANNED, text, re.IGNORECASE)]
