"""Reliability improvements: work delivered whose effect was measured."""

from sqlalchemy import BigInteger, Text, and_, case, cast, func, literal, null, select
from sqlmodel import col

from ops_console.contracts.vocabulary import InitiativeStatus
from ops_console.core.periods import Grain
from ops_console.measures.aggregates import Count
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.scopes import WHOLE
from ops_console.records.initiatives import Initiative

CATEGORIES = ("reliability", "platform")


def reliability_improvements() -> Count:
    """Initiatives of the categories reliability and platform delivered in the period, with a measured outcome: the
    metric they were meant to move, before and after, and when it was measured. Delivered without a measurement is
    left out and counted, so is work of other categories and what was dropped. The day of delivery decides the period;
    an initiative opened again belongs to its last delivery. The band is meant for a quarter.
    """
    measured = and_(
        col(Initiative.metric).is_not(None),
        col(Initiative.before).is_not(None),
        col(Initiative.after).is_not(None),
        col(Initiative.measured_at).is_not(None),
    )
    excluded = case(
        (col(Initiative.deleted_at).is_not(None), literal("deleted")),
        (col(Initiative.status) != InitiativeStatus.DELIVERED.value, literal("not delivered")),
        (func.lower(Initiative.category).not_in(CATEGORIES), literal("another category")),
        (~measured, literal("outcome not measured")),
        else_=null(),
    )
    metric, before, after = (cast(column, Text) for column in (Initiative.metric, Initiative.before, Initiative.after))
    rows = select(
        col(Initiative.delivered_at).label("anchor"),
        cast(null(), BigInteger).label("entry_id"),
        col(Initiative.id).label("record_id"),
        col(Initiative.title).label("label"),
        excluded.label("excluded"),
        case((measured, metric + ": " + before + " \N{RIGHTWARDS ARROW} " + after), else_=null()).label("note"),
    )
    return Count(rows=(rows,), record="initiative")


DEFINITION = Definition(
    key="reliability_improvements",
    number=15,
    title="Reliability improvements",
    question="Does improvement work get done, and does it help?",
    formula="Reliability and platform initiatives delivered with a measured outcome",
    unit=Unit.COUNT,
    better=Better.BAND,
    compute=reliability_improvements,
    targets={None: Bounds(low=1, high=3)},
    per=Grain.QUARTER,
    portfolio=True,
    facts=("initiatives",),
    statistic="count",
    scopes=WHOLE,
    nothing="No initiatives",
)
