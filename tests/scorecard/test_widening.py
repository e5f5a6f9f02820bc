"""Looking further back at a few models alone gives the figures that looking at everything gives."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.db import transaction
from ops_console.core.periods import Grain, containing
from ops_console.kpis import CATALOGUE
from ops_console.measures.scopes import WORKSPACE, parse
from ops_console.scorecard import widening
from ops_console.scorecard.compute import TRAILING, Computed, compute, requests_for, setting_of
from ops_console.scorecard.looks import Look
from tests.examples import examples
from tests.kpis.records import NOW, Books
from tests.scorecard.changing import Company

KEYS = ("change_failure_rate", "regression_rate", "mttr", "time_to_mitigate", "lead_time")
DAY = timedelta(days=1)


def computed(session: Session, key: str) -> Computed:
    home = setting_of(session)
    periods = [containing(NOW, grain, home.zone) for grain in Grain]
    requests = [*requests_for(CATALOGUE[key], periods, TRAILING), *requests_for(CATALOGUE[key], periods, "period")]
    return compute(session, CATALOGUE[key], requests, home)


@pytest.fixture
def session(database: Engine) -> object:
    with transaction(database) as opened:
        yield opened
        opened.rollback()


def busy(written: Books, slug: str, per_day: int, days: int, team: str) -> None:
    model = written.model(slug, team=team)
    for number in range(days * per_day):
        written.release(model, NOW - number * DAY / per_day - timedelta(minutes=1), version=f"{slug}-{number}")


def test_what_has_enough_is_looked_at_no_further(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Books(session)
    busy(written, "busy", 1, 200, "Search")
    written.release(written.model("calm", team="Ads"), NOW - 170 * DAY)
    asked: list[Collection[int]] = []
    look_back = widening.look_back

    def watched(*told: Any) -> Look:
        *_, entries = told
        asked.append(entries or ())
        return look_back(*told)

    monkeypatch.setattr(widening, "look_back", watched)
    found = computed(session, "change_failure_rate")
    slugs = setting_of(session).slugs
    assert [[slugs[entry] for entry in each] for each in asked] == [["calm"]]
    trailing = next(request for request in found if request.window == TRAILING)
    spans = {scope.key: span.days for scope, (span, _) in found[trailing].items()}
    assert (spans["busy"], spans["calm"], spans["Ads"], spans[""]) == (90, 180, 180, 90)


def test_a_model_that_stood_elsewhere_counts_where_it_stood(session: Session) -> None:
    written = Books(session)
    busy(written, "busy", 1, 300, "Search")
    written.release(written.model("calm", team="Ads"), NOW - 20 * DAY)
    found = computed(session, "change_failure_rate")
    trailing = next(request for request in found if request.window == TRAILING)
    assert found[trailing][parse("team:Ads")][1].n == 1
    assert found[trailing][WORKSPACE][0].days == 90


@pytest.mark.parametrize("key", KEYS)
@settings(deadline=None, max_examples=examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["release", "incident", "move"]), st.integers(0, 600), st.integers(1, 23)),
        min_size=1,
        max_size=30,
        unique=True,
    ),
    crowd=st.integers(0, 40),
)
def test_looking_twice_and_looking_once_find_the_same(
    sqlite: Engine, key: str, steps: list[tuple[str, int, int]], crowd: int
) -> None:
    with transaction(sqlite) as session:
        company = Company.founded(session)
        for step in steps:
            company.take(step)
        busy(company.written, "crowd", 1, crowd, "Search")
        twice = computed(session, key)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(widening, "WORTH", 1_000)
            once = computed(session, key)
        assert twice == once
        session.rollback()
