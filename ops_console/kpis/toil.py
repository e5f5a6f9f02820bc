"""Toil: how much of the team's time goes into manual work that could be automated."""

from sqlalchemy import BigInteger, case, cast, literal, null, select
from sqlmodel import col

from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.scopes import TEAMS
from ops_console.measures.workload import Workload
from ops_console.records.toil import Capacity, Toil


def toil() -> Workload:
    """Hours of manual, repetitive work ÷ the hours there were, by the day of the work. Who logged anything in the
    period counts, with all the hours of the period; an entry of no minutes says that there was no toil, while a person
    who logged nothing is unknown and counts neither above nor below the line. The figure needs the logged work and the
    known hours of at least 60% of the people. Hours come from the capacity of each person, which knows part-time work,
    leave and holidays, and are spread evenly over its days. Work of people whose hours are unknown is left out and
    counted. What people log is taken as it is: time spent on incidents is not added to it. Shown for the workspace and
    its teams, by category and week, never by person, and not at all for fewer than three people.
    """
    rows = select(
        col(Toil.anchored_at).label("anchor"),
        cast(null(), BigInteger).label("entry_id"),
        col(Toil.id).label("record_id"),
        col(Toil.category).label("label"),
        case((col(Toil.deleted_at).is_not(None), literal("deleted")), else_=null()).label("excluded"),
        col(Toil.person).label("person"),
        col(Toil.category).label("category"),
        col(Toil.minutes).label("minutes"),
    )
    available = select(col(Capacity.person), col(Capacity.starts_at), col(Capacity.ends_at), col(Capacity.hours)).where(
        col(Capacity.deleted_at).is_(None)
    )
    return Workload(rows=(rows,), record="toil", available=available)


DEFINITION = Definition(
    key="toil",
    number=10,
    title="Toil",
    question="How much time goes into manual work?",
    formula="Hours of toil ÷ available hours of the people who logged their work",
    unit=Unit.SHARE,
    better=Better.LOWER,
    compute=toil,
    targets={None: Bounds(high=0.20)},
    facts=("toil", "capacity"),
    also=("people",),
    statistic="hours of toil of available hours",
    best=0,
    so_far=True,
    scopes=TEAMS,
    nothing="Nothing logged",
)
