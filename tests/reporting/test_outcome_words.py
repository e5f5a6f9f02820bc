"""Outcomes of models in words, and what is not known of them."""

import re
from typing import Any

import pytest

from ops_console.measures.claims import NAMED
from ops_console.measures.readings import DataState
from ops_console.reporting import words
from tests.reporting import shown

CLAIM: dict[str, Any] = {
    "model": "ranker",
    "metric": "clicks",
    "unit": None,
    "currency": None,
    "baseline": None,
    "observed": None,
    "change": None,
    "change_low": None,
    "change_high": None,
    "in_points": False,
    "method": "estimate",
    "from": "2026-10-01",
    "until": "2026-10-31",
    "days": 31,
    "attribution_share": None,
    "evidence": None,
    "approved_by": "A. Lee",
    "also_claimed_by": [],
}


def test_what_was_not_told_is_said_and_never_a_zero() -> None:
    (line,) = words.outcomes(shown.reading("business_uplift", detail={"outcomes": {"claims": [CLAIM]}}))
    assert line[2:5] == ("not given", "not given", "cannot be told")
    assert not re.search(shown.BANNED, " ".join(line), re.IGNORECASE)
    assert len(line) == len(words.OUTCOME_COLUMNS)


@pytest.mark.parametrize(
    ("unit", "amounts", "shown_as"),
    [
        ("share", ("0.2", "0.205"), ("20%", "20.5%")),
        ("%", ("20", "20.5"), ("20%", "20.5%")),
        ("pp", ("1.5", "2"), ("1.5%", "2%")),
        ("clicks", ("1200", "1250"), ("1,200 clicks", "1,250 clicks")),
        (None, ("3", "4"), ("3", "4")),
    ],
)
def test_amounts_are_told_in_their_unit_and_shares_as_percentages(
    unit: str | None, amounts: tuple[str, str], shown_as: tuple[str, str]
) -> None:
    claim = CLAIM | {"unit": unit, "baseline": amounts[0], "observed": amounts[1]}
    (line,) = words.outcomes(shown.reading("business_uplift", detail={"outcomes": {"claims": [claim]}}))
    assert line[2:4] == shown_as


def test_other_kpis_have_no_outcomes() -> None:
    assert words.outcomes(shown.reading("mttr")) == []


def test_too_few_cases_still_say_how_many_of_all_they_are() -> None:
    counts = {"coverage_known": 4, "coverage_expected": 15, "data_reason": "A status needs 5 or more."}
    found = shown.reading("reproducibility", data_state=DataState.TOO_FEW, **counts)
    assert "4 of 15 covered" in words.source_line(found, shown.LONDON)


@pytest.mark.parametrize(
    ("rivals", "said"),
    [
        (["a"], "a claims it too"),
        (["a", "b"], "a, b claim it too"),
        (["a", "b", "c", "d", "e"], "a, b, c, 2 more claim it too"),
    ],
)
@pytest.mark.parametrize("kept", [{}, {"rivals": 0}])
def test_rivals_of_a_claim_are_named_as_far_as_they_can_be_read(
    rivals: list[str], said: str, kept: dict[str, int]
) -> None:
    """Also in figures kept before they were counted."""
    claimed = CLAIM | {"also_claimed_by": rivals[: NAMED if kept else None]} | {each: len(rivals) for each in kept}
    (line,) = words.outcomes(shown.reading("business_uplift", detail={"outcomes": {"claims": [claimed]}}))
    assert said in line[-1]
