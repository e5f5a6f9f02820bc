"""What models in production lack, and on whom too much rests."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, exists, func, or_, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import Lifecycle
from ops_console.records.catalog import CatalogEntry
from ops_console.records.criteria import ROLLBACK_DAYS, had
from ops_console.records.people import Person
from ops_console.records.slos import SliSlice, Slo

SEEN = timedelta(days=30)
"""A monitor that measured nothing for so long watches nothing."""
TOP_TIER = 1
MANY, FEW_MODELS = 3, 6
"""Who answers for so many tier 1 models is a single point of failure; for 2 where there are few in all."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a model must have: what it is called where it is missing, and what to do."""

    title: str
    words: str
    remedy: str


GAPS = {
    "owner": Gap("No owner", "no owner", "Agree with the team who answers for it, and name them as its owner."),
    "owner_left": Gap("Owner has left", "its owner has left", "Ask the team who took it over, and name them."),
    "on_call": Gap("Nobody on call", "nobody on call", "Put it on a rotation, and name the rotation as on call."),
    "runbook": Gap("No runbook", "no runbook", "Write down how to restore it, beginning with its last incident."),
    "monitor": Gap(
        "No monitor",
        "no monitor",
        f"Nothing was measured in {SEEN.days} days and no monitor is named. Set an objective and deliver its slices, "
        "or name what watches it.",
    ),
    "rollback": Gap(
        "Rollback not tested",
        "rollback not tested",
        f"Roll a version back on staging and enter the day. A test counts for {ROLLBACK_DAYS} days.",
    ),
    "tier": Gap("No tier", "no tier", "Decide how critical it is: targets and the order of work follow from it."),
    "team": Gap("No team", "no team", "Say whose it is: without a team its figures stand in no team's scorecard."),
}
"""In the order of what hurts first."""
ANSWERS = ("owner", "owner_left", "on_call", "runbook", "tier", "team")
"""What says who answers for it."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A model and the keys of what it lacks."""

    entry: CatalogEntry
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A person on whom several tier 1 models rest."""

    person: str
    entries: tuple[CatalogEntry, ...]


def lacking(session: Session, now: datetime, zone: ZoneInfo) -> list[Lacking]:
    """Every production model that lacks something, the highest tier first; what it lacks, in order."""
    conditions = lacks(now, zone)
    order = (col(CatalogEntry.tier).asc().nulls_last(), func.lower(col(CatalogEntry.name)))
    rows = select(CatalogEntry, *conditions.values()).where(*_in_production(), or_(*conditions.values()))
    return [Lacking(row[0], _keys(conditions, row[1:])) for row in session.execute(rows.order_by(*order))]


def number_lacking(session: Session, now: datetime, zone: ZoneInfo) -> int:
    """How many production models lack something."""
    return session.scalar(_number_lacking(), _times(now, zone)) or 0


@cache
def _number_lacking() -> Select[Any]:
    conditions = _conditions(*map(bindparam, ("now", "seen", "today", "tested")))
    return select(func.count(col(CatalogEntry.id))).where(*_in_production(), or_(*conditions.values()))


def by_gap(found: Sequence[Lacking]) -> dict[str, list[Lacking]]:
    """The models that lack each thing."""
    sorted_in: dict[str, list[Lacking]] = {key: [] for key in GAPS}
    for each in found:
        for key in each.gaps:
            sorted_in[key].append(each)
    return {key: models for key, models in sorted_in.items() if models}


def production_models(session: Session) -> int:
    return session.scalar(select(func.count(col(CatalogEntry.id))).where(*_in_production())) or 0


def _in_production() -> tuple[ColumnElement[bool], ...]:
    return (
        col(CatalogEntry.lifecycle) == Lifecycle.PRODUCTION,
        col(CatalogEntry.provisional).is_(False),
        col(CatalogEntry.deleted_at).is_(None),
    )


def gaps_of(session: Session, entry_ids: Sequence[int], now: datetime, zone: ZoneInfo) -> dict[int, tuple[str, ...]]:
    """The keys of what each entry lacks, in production or not."""
    conditions = lacks(now, zone)
    rows = select(col(CatalogEntry.id), *conditions.values()).where(col(CatalogEntry.id).in_(entry_ids))
    return {row[0]: _keys(conditions, row[1:]) for row in session.execute(rows)}


def _keys(conditions: Mapping[str, ColumnElement[bool]], found: Sequence[bool]) -> tuple[str, ...]:
    return tuple(key for key, is_missing in zip(conditions, found, strict=True) if is_missing)


def lacks(now: datetime, zone: ZoneInfo) -> Mapping[str, ColumnElement[bool]]:
    """What says that a `CatalogEntry` lacks each thing."""
    return _conditions(**_times(now, zone))


def _times(now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """When a monitor must have been `seen` and a rollback `tested` to count today."""
    today = now.astimezone(zone).date()
    return {"now": now, "seen": now - SEEN, "today": today, "tested": today - timedelta(days=ROLLBACK_DAYS)}


def _conditions(now: Any, seen: Any, today: Any, tested: Any) -> Mapping[str, ColumnElement[bool]]:
    entry, tested_on = col(CatalogEntry.id), col(CatalogEntry.rollback_tested_on)
    named = col(Person.name) == col(CatalogEntry.owner), col(Person.deleted_at).is_(None)
    left = exists().where(*named, col(Person.active_to) < today)
    stays = exists().where(*named, or_(col(Person.active_to).is_(None), col(Person.active_to) >= today))
    # The newest slice of each objective is one step in the index on (slo_id, started_at).
    newest = select(func.max(col(SliSlice.started_at))).where(col(SliSlice.slo_id) == col(Slo.id)).scalar_subquery()
    measured = exists().where(col(Slo.entry_id) == entry, col(Slo.deleted_at).is_(None), newest >= seen)
    return {
        "owner": col(CatalogEntry.owner).is_(None),
        "owner_left": and_(left, ~stays),
        "on_call": col(CatalogEntry.on_call).is_(None),
        "runbook": and_(col(CatalogEntry.runbook_url).is_(None), ~had(entry, "runbook", now)),
        "monitor": and_(~measured, cast(col(CatalogEntry.monitors), Text) == "[]"),
        "rollback": or_(tested_on.is_(None), tested_on <= tested),
        "tier": col(CatalogEntry.tier).is_(None),
        "team": col(CatalogEntry.team).is_(None),
    }


def bottlenecks(session: Session) -> list[Bottleneck]:
    """People who own, or are on call for, many of the tier 1 models; those with most first."""
    rows = select(CatalogEntry).where(*_in_production(), col(CatalogEntry.tier) == TOP_TIER)
    entries = session.scalars(rows.order_by(col(CatalogEntry.name))).all()
    people = set(session.scalars(select(col(Person.name)).where(col(Person.deleted_at).is_(None))))
    rests: dict[str, list[CatalogEntry]] = defaultdict(list)
    for each in entries:
        owner = each.owner if each.owner != each.team else None  # a team that owns is no single person
        for person in {owner, each.on_call if each.on_call in people else None} - {None}:
            rests[person or ""].append(each)
    many = 2 if len(entries) <= FEW_MODELS else MANY
    found = [Bottleneck(person, tuple(mine)) for person, mine in rests.items() if len(mine) >= many]
    return sorted(found, key=lambda each: (-len(each.entries), each.person))
