"""Points on their way into the database."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.ingest.bulk import stored
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Figure, Span
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.scorecard.compute import PERIOD, TRAILING, Computed, Request
from ops_console.scorecard.points import POINTS, measured, stored_points

MTTR = CATALOGUE["mttr"]
OCTOBER, NOVEMBER = (parse(label, ZoneInfo("Europe/London")) for label in ("2026-10", "2026-11"))
SPAN = Span(OCTOBER.start, OCTOBER.end, 90)


@pytest.mark.parametrize(
    "figure",
    [
        Figure(),
        Figure(3, Decimal("1E+2"), Decimal("7.50"), {"mean": 1.5}, {"each": [1.0]}, {"drill": 2}, 3, 4),
        Figure(0.1, n=Decimal(0)),
    ],
)
def test_a_point_is_stored_value_for_value_as_any_other_row(database: Engine, figure: Figure) -> None:
    request = Request(OCTOBER, TRAILING, (SPAN,))
    place = {"period": "2026-10", "window": TRAILING, "window_days": 90, "ends_at": OCTOBER.end}
    row = {**measured(MTTR, WORKSPACE, OCTOBER, figure), **place}
    with transaction(database) as session:
        names, [values] = stored(session, POINTS, [row])
    made = stored_points(MTTR, {request: {WORKSPACE: (SPAN, figure)}})

    assert (made.names, made.rows) == (names, [values])


def test_points_come_in_the_order_of_their_keys() -> None:
    scopes = [Scope(ScopeKind.TIER, "2"), WORKSPACE, Scope(ScopeKind.MODEL, "b"), Scope(ScopeKind.MODEL, "a")]
    computed: Computed = {
        Request(period, window, (SPAN,)): {scope: (SPAN, Figure(1.0)) for scope in scopes}
        for period in (NOVEMBER, OCTOBER)
        for window in (TRAILING, PERIOD)
    }
    made = stored_points(MTTR, computed)
    key = [made.names.index(name) for name in ("scope_kind", "scope_key", "grain", "window", "starts_at")]
    keys = [tuple(row[place] for place in key) for row in made.rows]

    assert keys == sorted(keys) and len({*keys}) == 16
