"""Lead time is told from being ready and from the first commit, each under its name."""

from ops_console.reporting import words
from ops_console.reporting.sections.deployment_frequency import _commits
from tests.reporting.shown import reading

SPREAD = {"n": 44, "excluded": {}, "mean": 785551.0, "median": 518400.0, "p75": 790512.0, "p90": 1433418.0}


def test_the_way_from_the_first_commit_is_told_with_its_sample_size() -> None:
    shown = reading(detail={"first_commit_to_production": SPREAD})

    assert words.commits(shown) == "6 days median, n=44"
    assert ("Changes", "44") in words.commit_spread(shown)


def test_nothing_is_told_where_no_change_has_a_commit_time() -> None:
    for detail in ({}, {"first_commit_to_production": {"n": 0, "excluded": {"no commit time": 3}}}):
        assert (words.commits(reading(detail=detail)), words.commit_spread(reading(detail=detail))) == ("", [])


def test_the_report_shows_both_ways_side_by_side() -> None:
    [figure] = _commits([reading(detail={"first_commit_to_production": SPREAD})])

    assert (figure.label, figure.reads, figure.note) == ("First commit → production", "6 days", "median, n=44")
