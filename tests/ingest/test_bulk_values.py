"""Rows as a driver takes them: plain values, whichever database they are for."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlmodel import SQLModel, col

from ops_console.core.db import transaction
from ops_console.ingest.bulk import insert_stored, stored
from ops_console.records.scorecard import ScorecardPoint

POINTS = SQLModel.metadata.tables["scorecard_point"]
ROW = {
    "kpi": "mttr",
    "scope_kind": "workspace",
    "scope_key": "",
    "grain": "month",
    "starts_at": datetime(2024, 7, 1, tzinfo=UTC),
    "value": 0.1,
    "k": Decimal("1.10"),
    "n": Decimal(3),
    "spread": None,
    "detail": {"each": [0.1, None], "name": "a “quoted” ' \\ name\n"},
    "excluded": {"deleted": 2},
    "coverage_known": None,
    "coverage_expected": None,
    "definition_version": 1,
    "period": "2024-07",
    "window": "period",
    "window_days": None,
    "ends_at": datetime(2024, 8, 1, tzinfo=UTC),
    "fingerprint": -5,
}


def test_rows_are_made_of_text_and_numbers_alone(database: Engine) -> None:
    with transaction(database) as session:
        [row] = stored(session, POINTS, [ROW]).rows
    assert {type(value) for value in row} <= {str, int, float, type(None)}


@pytest.mark.parametrize("unless", [(), ("kpi", "scope_kind", "scope_key", "grain", "window", "starts_at")])
def test_what_is_inserted_comes_back_as_it_was(database: Engine, unless: tuple[str, ...]) -> None:
    with transaction(database) as session:
        assert insert_stored(session, POINTS, stored(session, POINTS, [ROW]), unless=unless) == 1
        point = session.scalars(select(ScorecardPoint).where(col(ScorecardPoint.kpi) == "mttr")).one()
        assert {name: getattr(point, name) for name in ROW} == ROW
        assert str(point.k) == "1.10"
