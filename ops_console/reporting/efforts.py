"""What a report tells of what people did so that it does not happen again. Plain data, so it freezes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reviews:
    """Of incidents restored in the month that a rule wants reviewed. `late` are what their sources call them;
    `waiting` still have time.
    """

    due: int = 0
    in_time: int = 0
    late: tuple[str, ...] = ()
    waiting: int = 0
    waived: int = 0


@dataclass(frozen=True, slots=True)
class OverdueAction:
    title: str
    owner: str
    due_on: date
    about: str


@dataclass(frozen=True, slots=True)
class Actions:
    """Made, done and proven in the month; owed and overdue when the snapshot was taken. `rows` are the overdue that
    wait longest, `oldest_days` for how long the first does.
    """

    made: int = 0
    done: int = 0
    owed: int = 0
    overdue: int = 0
    oldest_days: int = 0
    rows: tuple[OverdueAction, ...] = ()
    effective: int = 0
    recurred: int = 0
    unproven: int = 0


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """Work delivered in the month; `before` and `after` only where the effect was measured."""

    title: str
    category: str
    delivered_at: datetime
    metric: str = ""
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Initiatives:
    rows: tuple[InitiativeRow, ...] = ()
    total: int = 0
