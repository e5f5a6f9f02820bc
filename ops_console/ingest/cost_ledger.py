"""Which cost partition holds what: a file replaces its (source, billing period, part) whole, or nothing of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlmodel import Session

from ops_console.core.clock import milliseconds, now
from ops_console.core.periods import midnight
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.conclude import Touched, conclude
from ops_console.ingest.outdated import merged
from ops_console.ingest.recorded import moment
from ops_console.ingest.resolve import Names
from ops_console.ingest.summary import Summary
from ops_console.ingest.sums import EXACT, Sum, Sums
from ops_console.ingest.tables import chunks, costs, partitions
from ops_console.records.workspace import current

BATCH = 5_000
LENGTH_OF_DAY = 86_400_000


class Charge(NamedTuple):
    """What charges are summed by."""

    day: str
    period: str
    currency: str
    model: str | None
    provider: str
    service_name: str | None
    service_category: str | None
    sub_account: str | None
    charge_category: str
    correction: str | None
    purpose: str | None
    team: str | None


@dataclass
class _Partition:
    """One billing period in one currency, as it came."""

    period: str
    currency: str
    part: str = ""
    total: Sum = field(default_factory=Sum)
    hash: Any = field(default_factory=hashlib.sha256)
    models: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)

    def note(self, charge: Charge, held: Sum) -> None:
        self.total.add(held.rows, held.amounts)
        amounts = [None if each is None else format(each.normalize(EXACT), "f") for each in held.amounts]
        self.hash.update(json.dumps([charge, held.rows, amounts]).encode())
        self.days.add(charge.day)
        if charge.model:
            self.models.add(charge.model)


def swap_partitions(
    session: Session,
    source: str,
    part: str,
    sums: Sums,
    quality: list[str],
    summary: Summary,
    *,
    is_rehearsal: bool,
    is_whole: bool = False,
) -> None:
    """Replace every partition the sums make up and that says something new; count the rows in the summary. Of a part
    that `is_whole`, billing periods it says nothing of any more are taken back.
    """
    came = _partitions(sums, part)
    zone = current(session).zone
    names = Names(session)
    entries = names.entries(set().union(*(each.models for each in came.values())))
    summary.unmapped = sorted(names.unmapped)
    spans: set[tuple[int, int]] = set()
    counts: Counter[str] = Counter()
    replacing: dict[tuple[str, str], int] = {}
    if is_whole:
        spans |= _bury(session, _left_behind(session, source, part, {period for period, _ in came}), set(), None)
    for (period, currency), partition in came.items():
        held = _held(session, source, period, part)
        same = [row for row in held if row["part"] == partition.part]
        if same and same[0]["content_hash"] == partition.hash.hexdigest():
            counts["unchanged"] += partition.total.rows
            continue
        counts["changed" if held else "new"] += partition.total.rows
        spans |= _bury(session, held, {(each.period, each.part) for each in came.values()}, partition.part)
        replacing[period, currency] = _enter(session, source, partition, quality, same)
        spans |= {_day_span(day, zone) for day in partition.days}
    _insert(session, sums, replacing, entries, zone)
    for name in ("new", "changed", "unchanged"):
        setattr(summary, name, counts[name])
    _date(summary, came, zone)
    if spans and not is_rehearsal:
        told = [(moment(began), moment(ended)) for began, ended in merged(spans)]
        conclude(session, Touched("costs", set(entries.values()), set(), told))


def forget_part(session: Session, source: str, part: str, but: str = "") -> None:
    """Take back what one part charged, in every billing period but one."""
    buried = _bury(session, _left_behind(session, source, part, {but}), set(), None)
    spans = [(moment(began), moment(ended)) for began, ended in merged(buried)]
    if spans:
        conclude(session, Touched("costs", set(), set(), spans))


def _partitions(sums: Sums, part: str) -> dict[tuple[str, str], _Partition]:
    came: dict[tuple[str, str], _Partition] = {}
    for key, held in sums:
        charge = Charge(*key)  # type: ignore[arg-type]  # the intake made the key of a charge
        place = (charge.period, charge.currency)
        came.setdefault(place, _Partition(*place)).note(charge, held)
    currencies = Counter(period for period, _ in came)
    for partition in came.values():
        # A partition has one currency; where a billing period has several, each is a part of its own.
        partition.part = f"{part}/{partition.currency}" if currencies[partition.period] > 1 else part
    return came


def _held(session: Session, source: str, period: str, part: str) -> list[dict[str, Any]]:
    """What is kept of one billing period and part, in whatever currencies."""
    columns = partitions.c
    rows = session.execute(
        select(partitions).where(
            columns.source == source,
            columns.billing_period == period,
            _of_part(part),
        )
    )
    return [dict(row._mapping) for row in rows]


def _left_behind(session: Session, source: str, part: str, standing: Collection[str]) -> list[dict[str, Any]]:
    """What is kept of a part in other billing periods than these."""
    mine = (partitions.c.source == source, partitions.c.billing_period.not_in(standing), _of_part(part))
    return [dict(row._mapping) for row in session.execute(select(partitions).where(*mine))]


def _of_part(part: str) -> ColumnElement[bool]:
    """The part itself, and what it is split into by currency."""
    return or_(partitions.c.part == part, partitions.c.part.like(f"{_literal(part)}/___", escape="\\"))


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _bury(
    session: Session, held: list[dict[str, Any]], staying: set[tuple[str, str]], own: str | None
) -> set[tuple[int, int]]:
    """Delete what the new partition replaces; the days it charged."""
    gone = [row for row in held if row["part"] == own or (row["billing_period"], row["part"]) not in staying]
    keys = [row["id"] for row in gone]
    days = session.scalars(select(costs.c.charged_at).where(costs.c.partition_id.in_(keys)).distinct()).all()
    session.execute(delete(costs).where(costs.c.partition_id.in_(keys)))
    orphaned = [row["id"] for row in gone if row["part"] != own]
    session.execute(delete(partitions).where(partitions.c.id.in_(orphaned)))
    return {(day, day + LENGTH_OF_DAY) for day in days}


def _enter(session: Session, source: str, partition: _Partition, quality: list[str], same: list[dict[str, Any]]) -> int:
    billed, effective, _ = partition.total.amounts
    values = {
        "content_hash": partition.hash.hexdigest(),
        "rows": partition.total.rows,
        "billed": billed,
        "effective": effective,
        "previous_billed": same[0]["billed"] if same else None,
        "currency": partition.currency,
        "quality": quality,
        "imported_at": milliseconds(now()),
    }
    if same:
        key: int = same[0]["id"]
        session.execute(partitions.update().where(partitions.c.id == key).values(values))
        return key
    place = {"source": source, "billing_period": partition.period, "part": partition.part}
    made: int = session.execute(insert(partitions).values(place | values).returning(partitions.c.id)).scalar_one()
    return made


def _insert(
    session: Session, sums: Sums, replacing: Mapping[tuple[str, str], int], entries: Mapping[str, int], zone: ZoneInfo
) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        for key, held in sums:
            charge = Charge(*key)  # type: ignore[arg-type]  # the intake made the key of a charge
            if (charge.period, charge.currency) in replacing:
                yield _row(charge, held, replacing[charge.period, charge.currency], entries, zone)

    for part in chunks(rows(), BATCH):
        insert_rows(session, costs, part)


def _row(charge: Charge, held: Sum, partition: int, entries: Mapping[str, int], zone: ZoneInfo) -> dict[str, Any]:
    billed, effective, listed = held.amounts
    return {
        "partition_id": partition,
        "entry_id": entries[charge.model] if charge.model else None,
        "charged_at": _day_span(charge.day, zone)[0],
        "charge_day": date.fromisoformat(charge.day),
        "billing_period": charge.period,
        "provider": charge.provider,
        "service_name": charge.service_name,
        "service_category": charge.service_category,
        "sub_account": charge.sub_account,
        "charge_category": charge.charge_category,
        "is_correction": charge.correction is not None,
        "purpose": charge.purpose,
        "team": charge.team,
        "currency": charge.currency,
        "rows": held.rows,
        "billed": billed,
        "effective": effective,
        "listed": listed,
    }


@lru_cache(maxsize=4096)
def _day_span(day: str, zone: ZoneInfo) -> tuple[int, int]:
    """The day a charge is dated, laid on the workspace's calendar, so that a billing month is a month there, too."""
    began = milliseconds(midnight(date.fromisoformat(day), zone))
    return began, began + LENGTH_OF_DAY


def _date(summary: Summary, came: Mapping[tuple[str, str], _Partition], zone: ZoneInfo) -> None:
    days = sorted(set().union(*(each.days for each in came.values())))
    if days:
        summary.first_at = moment(_day_span(days[0], zone)[0])
        summary.last_at = moment(_day_span(days[-1], zone)[1] - 1)
