"""The bills behind a period: what each source brought for its months, how far it reaches, and what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.core import units
from ops_console.core.periods import Period, parse
from ops_console.records.costs import Cost, CostPartition
from ops_console.scorecard.judge import is_final

P = CostPartition
ZERO = Decimal(0)


@dataclass(slots=True)
class Bill:
    """One source and billing month; `was` is what it came to before it was last brought."""

    source: str
    month: str
    currency: str
    billed: Decimal
    rows: int
    reaches: date | None
    imported_at: datetime
    was: Decimal
    is_final: bool


def bills(session: Session, period: Period, now: datetime) -> list[Bill]:
    """Of the billing months that the period touches, the newest month first. A charge may stand on the bill of another
    month than that of its day, so that bills need not add up to the cost of the period.
    """
    first, last = (f"{day:%Y-%m}" for day in (period.first_day, period.last_day))
    months = func.substr(col(P.billing_period), 1, 7)
    parts = session.scalars(
        select(P).where(months >= first, months <= last).order_by(months.desc(), col(P.source), col(P.currency))
    ).all()
    ends: dict[int, date] = {
        row[0]: row[1]
        for row in session.execute(
            select(col(Cost.partition_id), func.max(col(Cost.charge_day)))
            .where(col(Cost.partition_id).in_([part.id for part in parts]))
            .group_by(col(Cost.partition_id))
        )
    }
    found: dict[tuple[str, str, str], Bill] = {}
    for part in parts:
        key = (part.billing_period[:7], part.source, part.currency)
        if key not in found:
            month = parse(key[0], ZoneInfo(period.zone))
            found[key] = Bill(
                part.source, key[0], part.currency, ZERO, 0, None, part.imported_at, ZERO, is_final(month, now)
            )
        _add(found[key], part, ends.get(part.id or 0))
    return list(found.values())


def uneven(found: Sequence[Bill]) -> str:
    """That bills of the newest month reach differently far, so that its last days are short; else empty."""
    newest = max((bill.month for bill in found), default="")
    reached = {bill.source: bill.reaches for bill in found if bill.month == newest and bill.reaches}
    last = max(reached.values(), default=None)
    short = [f"{name} as far as {units.day(day)}" for name, day in sorted(reached.items()) if last and day < last]
    if last is None or not short:
        return ""
    others = f"the other{'s' if len(reached) - len(short) > 1 else ''} as far as {units.day(last)}"
    return f"Bills reach differently far: {', '.join(short)}, {others}. The days between are not all in."


def _add(bill: Bill, part: CostPartition, reaches: date | None) -> None:
    """A source may bring its month in several parts."""
    bill.billed += part.billed
    bill.was += part.billed if part.previous_billed is None else part.previous_billed
    bill.rows += part.rows
    bill.reaches = max(filter(None, (bill.reaches, reaches)), default=None)
    bill.imported_at = max(bill.imported_at, part.imported_at)
