"""The summary: five facts in the order of their urgency, one line for the rest, at most 120 words, no adjectives."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.reporting.evidence import Evidence, Mover
from ops_console.reporting.snapshot import Snapshot, from_data
from ops_console.reporting.summary import WORDS, candidates, distance, summary, words_in
from tests.reporting import shown, snapshots
from tests.reporting.snapshots import off, quiet, snapshot, unconnected, worse

ADJECTIVES = r"\b(good|bad|great|high|low|big|small|strong|weak|severe|serious|healthy|poor|significant|dramatic)\b"


def texts(of: Snapshot) -> list[str]:
    return [f"{line.icon} {line.text}" for line in summary(of)]


def ranks(of: Snapshot) -> list[int]:
    return [fact.rank for fact in sorted(candidates(of), key=lambda fact: fact.order)]


def test_a_month_with_something_to_say() -> None:
    assert texts(snapshots.october()) == [
        "■ Inference SLO missed on 1 of 5 tier 1 endpoints: ranker-v4 99.84% of 99.90%, 160% of budget",
        "▲ Change failure rate 8.0%, 2 of 25; usual 6.4 to 9.6%",
        "■ Cost $48,210, 6.0% over the $45,500 budget; search-embed +$2,140 of +$3,340",
        "■ Off target as before: DS/ML satisfaction 7.6 of 10, NPS +43 ± 38 (> 8)",
        "○ Data gaps: MTTR as of 4 Nov",
        "● 2 others inside their usual range",
    ]


def test_a_month_with_nothing_to_say_is_one_line() -> None:
    assert texts(snapshot()) == ["● 7 inside their usual range"]


def test_the_classes_stand_in_their_order() -> None:
    better = quiet("lead_time", signal=Signal.BETTER)
    off_and_worse = off("change_failure_rate", signal=Signal.WORSE)
    stale = quiet("mttr", data_state=DataState.STALE)
    found = snapshot(
        snapshots.missed_slo(), off_and_worse, worse("model_deployments"), snapshots.over_budget(), better, stale
    )
    assert ranks(found) == [1, 2, 3, 4, 6, 8]


def test_a_missed_slo_comes_first_and_is_told_once() -> None:
    found = snapshot(snapshots.missed_slo())
    assert texts(found)[0].startswith("■ Inference SLO missed on 1 of 5")
    assert sum("SLO" in text for text in texts(found)) == 1


def test_off_target_and_worse_than_usual_stands_before_worse_alone() -> None:
    found = snapshot(worse("model_deployments"), off("stakeholder_satisfaction", signal=Signal.WORSE))
    first = texts(found)[0]
    assert first == "■ DS/ML satisfaction 7.6 of 10, NPS +43 ± 38; usual 6.1 to 9.1; target > 8"


def test_off_target_as_before_is_one_line_with_the_furthest_first() -> None:
    far = off("change_failure_rate", value=0.3, previous=0.25)
    found = snapshot(off("stakeholder_satisfaction"), far)
    line = next(text for text in texts(found) if "Off target" in text)
    assert line.startswith("■ Off target as before: change failure rate 30%")
    assert "DS/ML satisfaction" in line


@pytest.mark.parametrize(
    "before", [{"previous": 0.08}, {"previous": None}, {"previous": 0.25, "previous_n": Decimal(4)}]
)
def test_what_met_its_target_before_or_is_not_known_to_have_missed_it_is_not_as_before(before: dict[str, Any]) -> None:
    found = snapshot(off("change_failure_rate", value=0.3, **before))
    assert next(text for text in texts(found) if "Off target" in text).startswith("■ Off target: change failure rate")


def test_as_before_is_said_where_the_usual_range_is_known() -> None:
    found = snapshot(off("stakeholder_satisfaction", signal=Signal.TOO_LITTLE))
    assert "■ Off target: DS/ML satisfaction 7.6 of 10, NPS +43 ± 38 (> 8)" in texts(found)


def test_within_a_class_the_one_further_from_its_target_comes_first() -> None:
    near = off("stakeholder_satisfaction", signal=Signal.WORSE, value=7.9)
    far = off("change_failure_rate", signal=Signal.WORSE, value=0.4)
    found = [fact.about for fact in sorted(candidates(snapshot(near, far)), key=lambda fact: fact.order)]
    assert found.index(("change_failure_rate",)) < found.index(("stakeholder_satisfaction",))


def test_ties_are_broken_by_the_catalogue() -> None:
    found = snapshot(worse("model_deployments"), worse("lead_time"), worse("mttr"))
    about = [fact.about for fact in sorted(candidates(found), key=lambda fact: fact.order) if fact.rank == 3]
    assert about == [("model_deployments",), ("lead_time",), ("mttr",)]


def test_better_than_usual_is_told_too() -> None:
    found = snapshot(quiet("lead_time", signal=Signal.BETTER))
    assert "● Lead time for model changes 8.5 days; usual 6.8 to 10.2 days" in texts(found)


def test_a_contributor_is_named_from_30_percent_of_the_change() -> None:
    def line(delta: str) -> str:
        movers = (Mover("search-embed", Decimal(delta), Decimal(0)),)
        return next(
            text
            for text in texts(snapshot(snapshots.over_budget(), evidence=Evidence(movers=movers)))
            if "Cost" in text
        )

    assert line("1003").endswith("search-embed +$1,003 of +$3,340")
    assert line("1000").endswith("over the $45,500 budget")


def test_a_contributor_against_the_change_explains_nothing() -> None:
    movers = (Mover("fraud", Decimal(0), Decimal(9000)),)
    text = next(
        text for text in texts(snapshot(snapshots.over_budget(), evidence=Evidence(movers=movers))) if "Cost" in text
    )
    assert "fraud" not in text


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (unconnected("mttr"), "1 without data (MTTR)"),
        (quiet("mttr", data_state=DataState.TOO_FEW, value=None), "1 with too few cases to judge (MTTR)"),
        (quiet("mttr", signal=Signal.TOO_LITTLE), "1 without a usual range"),
        (quiet("mttr", status=Status.AT_RISK), "1 at risk (MTTR)"),
    ],
)
def test_the_last_line_counts_the_rest_by_what_is_known_of_them(reading: Reading, said: str) -> None:
    assert texts(snapshot(reading))[-1].endswith(f"6 inside their usual range; {said}")


def test_a_single_other_is_one_other() -> None:
    loud = [worse(key) for key in ("model_deployments", "lead_time", "change_failure_rate", "mttr")]
    found = snapshot(*loud, unconnected("cost_vs_budget"), unconnected("stakeholder_satisfaction"))
    assert texts(found)[-1] == (
        "○ 1 other inside its usual range; 2 without data (DS/ML satisfaction, cost against budget)"
    )


def test_what_does_not_fit_is_counted() -> None:
    loud = [worse(key) for key in snapshots.KEYS]
    assert len(texts(snapshot(*loud))) == 6
    assert texts(snapshot(*loud))[-1] == "○ 2 more in the scorecard"


def test_every_line_but_the_last_leads_to_what_it_is_about() -> None:
    lines = summary(snapshots.october())
    assert all(line.link.startswith("https://console.example/") for line in lines[:-1])


def test_a_cause_is_never_told() -> None:
    assert not re.search(r"because|caused|due to|after release", " ".join(texts(snapshots.october())))


states = st.sampled_from(list(DataState))
signals = st.sampled_from(list(Signal))
statuses = st.sampled_from(list(Status))
months = st.lists(st.tuples(states, signals, statuses), min_size=7, max_size=7)


@given(months)
def test_any_month_makes_a_short_summary_that_says_the_same_each_time(
    month: list[tuple[DataState, Signal, Status]],
) -> None:
    empty = {DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.NO_CASES, DataState.TOO_FEW}
    readings = [
        quiet(key, data_state=state, signal=signal, status=status, **({"value": None} if state in empty else {}))
        for key, (state, signal, status) in zip(snapshots.KEYS, month, strict=True)
    ]
    found = snapshot(*readings)
    lines = summary(found)
    assert 1 <= len(lines) <= 6 and words_in(lines) <= WORDS
    assert lines == summary(from_data(found.as_data()))
    said = " ".join(line.text for line in lines)
    assert not re.search(ADJECTIVES, said) and not re.search(shown.BANNED, said)


@pytest.mark.parametrize(("value", "away"), [(0.1, 0.0), (0.05, 0.0), (0.15, 0.5), (0.2, 1.0)])
def test_distance_is_how_far_a_value_lies_beyond_its_target(value: float, away: float) -> None:
    target = quiet("change_failure_rate").target
    found = distance(quiet("change_failure_rate", value=value))
    assert target is not None and found == pytest.approx(away)


def test_many_that_are_off_target_stand_in_one_line_that_is_never_dropped() -> None:
    keys = ("lead_time", "change_failure_rate", "mttr", "model_deployments", "stakeholder_satisfaction")
    found = snapshot(*map(off, keys), snapshots.missed_slo(), snapshots.over_budget())
    line = next(text for text in texts(found) if "Off target" in text)
    assert line.endswith(" and 1 more") and words_in(summary(found)) <= WORDS
    assert len(texts(found)) >= 4
