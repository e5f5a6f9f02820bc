"""The marks of the models page say what the cards of the model say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.core.periods import Grain, latest_complete
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.reporting import words
from ops_console.scorecard.read import readings
from ops_console.scorecard.refresh import rebuild
from ops_console.web.reads.model_statuses import SHOWN, model_statuses
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
OCTOBER = latest_complete(NOW, Grain.MONTH, ZoneInfo("UTC"))


@pytest.fixture
def measured(sqlite: Engine) -> Engine:
    """Two models with ten months of releases and incidents, and their points."""
    with transaction(sqlite) as session:
        rows = Workspace(session)
        for kind in ("deployments", "incidents"):
            rows.delivered(kind, state="done", finished_at=NOW, first_at=NOON - 400 * DAY, covers_until=NOW)
        for slug, hours in (("fast", 0.5), ("slow", 9)):
            model = rows.model(slug, tier=1)
            for number in range(40):
                at = NOON - number * 8 * DAY
                rows.release(model, str(number), at, ready_at=at - DAY)
                rows.incident(model, at, restored_at=at + hours * HOUR)
        rebuild(session, NOW)
    return sqlite


def test_every_mark_is_the_status_of_the_models_card(measured: Engine) -> None:
    with reading(measured) as session:
        marks = model_statuses(session, ["fast", "slow"], OCTOBER, NOW)
        for slug, found in marks.items():
            cards = readings(session, Scope(ScopeKind.MODEL, slug), OCTOBER, keys=SHOWN, now=NOW)
            assert [mark.icon for mark in found] == [words.icon(card) for card in cards]
    assert {mark.key: mark.icon for mark in marks["slow"]}["mttr"] == "■"
    assert {mark.key: mark.icon for mark in marks["fast"]}["mttr"] in "●▲"


def test_a_model_without_points_has_no_status_anywhere(measured: Engine) -> None:
    with reading(measured) as session:
        assert {mark.icon for mark in model_statuses(session, ["new"], OCTOBER, NOW)["new"]} == {"○"}
