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


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What somebody must decide by a day; `late_days` is for how long it was overdue when the snapshot was taken, less
    than nothing before.
    """

    question: str
    why: str
    owner: str
    due_on: date
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """What was decided since the month began."""

    question: str
    answer: str
    owner: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Decisions that waited when the snapshot was taken, `total` of them, and the answers that came, `answers` of them.
    `began` says that somebody has ever asked for one: nothing is known where nobody has.
    """

    rows: tuple[AskedRow, ...] = ()
    total: int = 0
    decided: tuple[DecidedRow, ...] = ()
    answers: int = 0
    began: bool = False
