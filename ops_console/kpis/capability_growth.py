"""Hiring and skills: the team against its plan."""

from sqlalchemy import BigInteger, FromClause, case, cast, func, literal, null, select
from sqlmodel import col

from ops_console.measures.aggregates import AnySelect, Rows
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.levels import Levels
from ops_console.measures.scopes import TEAMS
from ops_console.measures.snapshots import Snapshot
from ops_console.records.skills import Position, Skill


def capability_growth() -> Snapshot:
    """Positions filled ÷ positions planned by the end of the period; positions cancelled by then are left out, and
    what is planned later changes no earlier period. Beside it: skills at or above the level the team needs ÷ skills
    assessed, and how many levels are lacking in all, by each person's latest assessment; as a figure of the team, and
    not at all for fewer than three people.
    """
    return Snapshot(
        rows=(_began(),),
        record="position",
        at=_positions,
        besides={"skills_at_level": Levels(rows=(_assessed(),), at=_skills)},
    )


def _began() -> AnySelect:
    return select(col(Position.planned_at).label("anchor")).where(col(Position.deleted_at).is_(None))


def _assessed() -> AnySelect:
    return select(col(Skill.assessed_at).label("anchor")).where(col(Skill.deleted_at).is_(None))


def _positions(moments: FromClause) -> Rows:
    at = moments.c.at
    return (
        select(
            at.label("anchor"),
            moments.c.since,
            moments.c.until,
            cast(null(), BigInteger).label("entry_id"),
            col(Position.id).label("record_id"),
            col(Position.title).label("label"),
            case((col(Position.cancelled_at) <= at, literal("cancelled")), else_=null()).label("excluded"),
            col(Position.team).label("team"),
            case((col(Position.filled_at) <= at, 1), else_=0).label("hit"),
        )
        .select_from(moments)
        .join(Position, col(Position.planned_at) <= at)
        .where(col(Position.deleted_at).is_(None)),
    )


def _skills(moments: FromClause) -> Rows:
    """Each person's latest assessment of each skill at each moment."""
    at, of = moments.c.at, (func.lower(Skill.person), func.lower(Skill.skill))
    newest_first = (col(Skill.assessed_at).desc(), col(Skill.id).desc())
    assessed = (
        select(
            at.label("anchor"),
            moments.c.since,
            moments.c.until,
            cast(null(), BigInteger).label("entry_id"),
            col(Skill.id).label("record_id"),
            col(Skill.skill).label("label"),
            null().label("excluded"),
            col(Skill.team).label("team"),
            col(Skill.person).label("person"),
            col(Skill.level).label("level"),
            col(Skill.target).label("target"),
            func.row_number()
            .over(partition_by=(moments.c.since, moments.c.until, *of), order_by=newest_first)
            .label("place"),
        )
        .select_from(moments)
        .join(Skill, col(Skill.assessed_at) <= at)
        .where(col(Skill.deleted_at).is_(None))
        .subquery("assessed")
    )
    return (select(*(column for column in assessed.c if column.name != "place")).where(assessed.c.place == 1),)


DEFINITION = Definition(
    key="capability_growth",
    number=20,
    title="Hiring and skills",
    question="Is the team staffed and skilled as planned?",
    formula="Positions filled ÷ positions planned",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=capability_growth,
    targets={None: Bounds(low=1.0, strict=False)},
    portfolio=True,
    facts=("positions",),
    also=("skills",),
    statistic="filled of planned",
    best=1,
    snapshot=True,
    scopes=TEAMS,
    nothing="No positions planned",
    version=2,
    changes=("Skills of fewer than three people are not shown.",),
)
