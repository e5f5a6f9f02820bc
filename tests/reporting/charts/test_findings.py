"""Titles state the finding, subtitles the measure."""

import re

import pytest

from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.reporting.charts import spec_for
from ops_console.reporting.charts.findings import is_plural, title
from tests.reporting.charts import sights
from tests.reporting.shown import BANNED, OCTOBER, reading


@pytest.mark.parametrize(
    ("r", "says"),
    [
        (sights.lead_time(), "Lead time for model changes stays in its usual range and meets the target"),
        (sights.deployments(), "Model deployments stay in their usual range and meet the target"),
        (sights.failure_rate(), "Change failure rate is worse than usual and misses the target"),
        (
            reading(status=Status.AT_RISK),
            "Lead time for model changes stays in its usual range, at risk of missing the target",
        ),
        (reading("mttr", signal=Signal.BETTER, status=Status.NONE), "MTTR is better than usual"),
        (sights.first_figure(), "Lead time for model changes, Oct 2026: 8.5 days"),
        (sights.running(), "Model deployments, Oct so far (12 of 31 days): 4"),
        (sights.absent(), "Lead time for model changes: not connected"),
        (sights.absent(data_state=DataState.NO_CASES), "Lead time for model changes, Oct 2026: no deployments"),
        (reading(data_state=DataState.STALE), "Lead time for model changes, Oct 2026: 8.5 days, as of 4 Nov"),
    ],
)
def test_a_title_states_what_the_chart_shows(r: Reading, says: str) -> None:
    assert title(r) == says


@pytest.mark.parametrize(
    ("r", "says"),
    [
        (sights.lead_time(), "Median days by month, all models"),
        (reading("mttr"), "Mean minutes by month, all models"),
        (sights.failure_rate(), "Percent by month, all models; the status uses 90 days"),
        (sights.weekly(), "Count by week, all models"),
        (sights.cost(), "USD spent, budget dashed, by month, all models"),
        (reading(scope=Scope(ScopeKind.TEAM, "Search")), "Median days by month, Team Search"),
    ],
)
def test_a_subtitle_says_what_was_measured(r: Reading, says: str) -> None:
    assert spec_for(r).subtitle == says


@pytest.mark.parametrize("key", CATALOGUE)
@pytest.mark.parametrize("state", DataState)
@pytest.mark.parametrize("signal", Signal)
def test_no_title_says_a_banned_word(key: str, state: DataState, signal: Signal) -> None:
    spec = spec_for(reading(key, data_state=state, signal=signal, period=OCTOBER))
    assert not re.search(BANNED, spec.title + " " + spec.subtitle, re.IGNORECASE)
    assert "{" not in spec.title


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("Model deployments", True),
        ("Models on paved road", True),
        ("Hiring and skills", True),
        ("Lead time for model changes", False),
        ("Reproducibility success", False),
        ("MTTR", False),
        ("", False),
    ],
)
def test_verbs_agree_with_the_title(name: str, many: bool) -> None:
    assert is_plural(name) is many
