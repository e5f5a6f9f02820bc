"""Team health: whether being on call can be borne."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, String, case, cast, func, literal, null, select, type_coerce
from sqlmodel import col

from ops_console.contracts.vocabulary import AlertClass
from ops_console.kpis.alert_quality import is_repeat
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.oncall import REACH_DAYS, OnCall
from ops_console.measures.scopes import TEAMS
from ops_console.records.alerts import Alert, Shift

NOBODY = "no person named"


def team_health() -> OnCall:
    """People whose shift that ended in the period was over the limit, and the shift they had before it as well. The
    limit is two pages in a shift of twelve hours: longer shifts may have as many more, shorter ones count as one; a
    shift longer than a week counts as several. The shift before counts if it ended within eight weeks. An override
    takes the planned person's place; who is on call in two schedules at once is on call once. Pages within a minute of
    each other, or of one incident within twelve hours, interrupt once; tickets, silenced, test and deleted alerts and
    repeats of one firing do not interrupt. Business hours are 8 to 18 on weekdays, sleep is 22 to 8 on every day, off
    is the rest, each in the person's own zone. Pages that name nobody lower the coverage. Beside it stand the pages in
    a shift, the median and the highest of the people on call, and the share of the one who carries most. Nobody is
    named, and below three people nothing is shown.
    """
    return OnCall(rows=(_shifts(), _pages()), record="shift", unknown=NOBODY)


def _shifts() -> Any:
    columns = _columns(Shift, Shift.started_at, Shift.schedule, null())
    return select(
        *columns,
        col(Shift.person).label("person"),
        col(Shift.schedule).label("schedule"),
        type_coerce(col(Shift.started_at), BigInteger).label("began"),
        type_coerce(col(Shift.ended_at), BigInteger).label("ended"),
        col(Shift.override).label("override"),
        cast(null(), String).label("incident"),
    ).where(col(Shift.deleted_at).is_(None))


def _pages() -> Any:
    nobody = case((col(Alert.person).is_(None), literal(NOBODY)), else_=null())
    felt_at = func.coalesce(col(Alert.notified_at), col(Alert.started_at))
    return select(
        *_columns(Alert, Alert.started_at, Alert.name, nobody),
        col(Alert.person).label("person"),
        cast(null(), String).label("schedule"),
        type_coerce(felt_at, BigInteger).label("began"),
        cast(null(), BigInteger).label("ended"),
        cast(null(), Boolean).label("override"),
        col(Alert.incident).label("incident"),
    ).where(
        col(Alert.class_) == AlertClass.PAGE.value,
        col(Alert.deleted_at).is_(None),
        col(Alert.silenced).is_(False),
        col(Alert.test).is_(False),
        ~is_repeat(),
    )


def _columns(record: Any, anchor: Any, label: Any, excluded: ColumnElement[Any]) -> tuple[Any, ...]:
    return (
        anchor.label("anchor"),
        cast(null(), BigInteger).label("entry_id"),
        record.id.label("record_id"),
        label.label("label"),
        cast(excluded, String).label("excluded"),
    )


DEFINITION = Definition(
    key="team_health",
    number=19,
    title="Team health, on-call load",
    question="Is anybody on call too much?",
    formula="People with more than 2 pages in a 12 h shift twice in a row",
    unit=Unit.COUNT,
    better=Better.LOWER,
    compute=team_health,
    targets={None: Bounds(high=0, strict=False)},
    facts=("shifts", "alerts"),
    also=("people",),
    statistic="over the limit twice in a row of people on call",
    best=0,
    needs_cases=True,
    so_far=True,
    reaches_days=REACH_DAYS,
    scopes=TEAMS,
    nothing="Nobody on call",
)
