"""Real survey answers meet the published scores, on the scale they were given on."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.samples import exports as real
from tests.samples.conftest import points

pytestmark = [pytest.mark.samples, pytest.mark.xdist_group("samples of surveys")]


def test_scores_and_nps_of_each_wave_and_question_are_the_published_ones(
    measured: Callable[..., Engine], exports: Path
) -> None:
    """The scale starts at 1 and stays so; a question with fewer than five answers is hidden."""
    found = points(measured(*real.CNCF), "stakeholder_satisfaction")
    waves = {(point.detail or {})["wave"]: point.detail or {} for point in found.values() if point.detail}
    with (exports / "survey" / "cncf-maintainers" / "expected.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            where = (row["wave"], row["question"])
            question = waves[row["wave"]]["questions"][row["question"]]
            if float(row["n"]) < 5:
                assert question.get("hidden"), where
                continue
            assert question["n"] == float(row["n"]), where
            assert question["scale"] == [1.0, 10.0], where
            for name in ("mean", "median"):
                assert question[name] == pytest.approx(float(row[name]), abs=5.1e-5), where
            for name in ("share_9_10", "share_1_6", "share_8_plus"):
                assert question[name] == pytest.approx(float(row[name]), abs=1e-6), where
            assert question["nps"] == pytest.approx(float(row["nps"]), abs=1e-4), where


def test_a_scale_of_five_is_not_stretched_to_ten(measured: Callable[..., Engine], exports: Path) -> None:
    rows = list(csv.DictReader((exports / "survey" / "dask-users" / "expected.csv").open(encoding="utf-8")))
    found = points(measured(*real.DASK), "stakeholder_satisfaction")
    waves = {(point.detail or {})["wave"]: point.detail or {} for point in found.values() if point.detail}
    for row in rows:
        question = waves[row["wave"]]["questions"][row["question"]]
        assert question["scale"] == [1.0, 5.0]
        assert question["n"] == int(row["count"])
        assert question["mean"] == pytest.approx(float(row["mean"]), abs=5.1e-5)
        assert question["median"] == float(row["median"])
