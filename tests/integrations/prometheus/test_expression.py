"""An error ratio is taken apart, and what is missing is never made up. What comes of it is shown by a real server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.prometheus.expression import has_counts, questions, taken_apart

BAD, ALL = 'sum(rate(r{code=~"5..|4[0-9]{2}"}[5m]))', "sum(rate(r[5m]))"


@pytest.mark.parametrize(
    "expression",
    [
        f"{BAD} / {ALL}",
        f"({BAD}) / ({ALL})",
        f"(({BAD}) / {ALL})",
        f"{BAD}/{ALL}",
        f"({BAD} or vector(0)) / ({ALL} or on() vector(0))",
        f"({BAD} OR on() vector(0.0)) / {ALL}",
    ],
)
def test_a_division_is_bad_by_all_however_it_is_written(expression: str) -> None:
    asked = questions(expression, "5m")
    bad, total = (f"sum({each.replace('5m', '1h')})" for each in (BAD, ALL))
    assert asked.bad == f"({bad} or 0 * {total}) * 3600"
    assert asked.total == f"{total} * 3600"
    assert asked.seen == f"count_over_time((sum({ALL}))[59m59s:5m]) * 300"


def test_errors_that_are_a_difference_are_unknown_where_a_side_is_missing() -> None:
    for expression in (
        f"({ALL} - {BAD}) / {ALL}",
        f"1 - ({BAD} / {ALL})",
        f"1 - {BAD} / {ALL}",
        f"(1 - ({BAD} / {ALL}))",
    ):
        assert has_counts(expression)
        assert " or " not in questions(expression, "5m").bad


@pytest.mark.parametrize(
    "expression",
    [
        "1 - histogram_fraction(0, 0.25, rate(latency[5m]))",
        "slo:errors:ratio",
        f"{BAD} / {ALL} / 2",
        f"{BAD} / on (job) {ALL}",
        f"{BAD} / ignoring (code) {ALL}",
        f"2 - {BAD} / {ALL}",
        f"{BAD} / {ALL} > 0.1",
        f"{BAD} / {ALL} unless absent(x)",
        "avg(a / b)",
    ],
)
def test_what_is_no_plain_division_has_no_counts(expression: str) -> None:
    assert not has_counts(expression)
    asked = questions(expression, "5m")
    assert all("59m59s:5m" in each for each in asked)
    assert "[1h]" not in "".join(asked)


def test_marks_within_quotes_and_brackets_divide_nothing() -> None:
    for label in ('"/api/v1"', "'a/b'", "`a/b`", r'"a\"/b"', '"a)/(b"'):
        total = f"sum(rate(r{{path={label}}}[5m]))"
        assert taken_apart(f"{BAD} / {total}") == (BAD, total, False)


def test_rates_become_counts_and_counts_stay_as_they_are() -> None:
    assert questions("sum(increase(a[5m])) / sum(increase(b[5m]))", "5m").total == "sum(sum(increase(b[1h])))"
    assert questions("sum(irate(a[5m])) / sum(irate(b[5m]))", "5m").total.endswith("* 3600")
    assert questions("sum(count_over_time(a[5m])) / sum(count_over_time(b[5m]))", "5m").total == (
        "sum(sum(count_over_time(b[1h])))"
    )


def test_what_has_no_range_is_taken_every_five_minutes() -> None:
    asked = questions("job:errors:rate5m / job:requests:rate5m", "")
    assert asked.total == "sum(avg_over_time((job:requests:rate5m)[59m59s:5m])) * 3600"


def test_an_hour_that_is_asked_for_already_stays_as_it_is() -> None:
    assert questions("sum(rate(a[1h])) / sum(rate(b[1h]))", "1h").total == "sum(sum(rate(b[1h]))) * 3600"


def test_ranges_of_subqueries_are_ranges_and_other_ranges_stay() -> None:
    total = "sum(max_over_time(sum(rate(b[5m]))[5m:1m])) - sum(rate(c[2m]))"
    assert "[1h:1m]" in questions(f"a / ({total})", "5m").total and "[2m]" in questions(f"a / ({total})", "5m").total


@given(st.text("ab/()[]{}\"'`\\-+ or1", max_size=40))
def test_whatever_stands_there_is_taken_apart_or_left_alone(text: str) -> None:
    found = taken_apart(text)
    assert found is None or (found.bad.strip() in text or " - " in found.bad)
