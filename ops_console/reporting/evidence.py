"""What stands beside the figures in a report: incidents, cost movers, target changes. Plain data, so it freezes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident of the month. `cause` is the release a confirmed link names; suggestions stay out.
    `broken_again_ms` is how long it was broken after its first restoration.
    """

    id: int
    reference: str
    title: str
    severity: str | None
    subject: str
    began_at: datetime
    restored_at: datetime | None
    cause: str = ""
    cause_told_by: str = ""
    broken_again_ms: int = 0
    is_open_again: bool = False


@dataclass(frozen=True, slots=True)
class Incidents:
    """Those that began in the month: counts of all, rows of the gravest. `before` counts the month before."""

    rows: tuple[IncidentRow, ...] = ()
    by_severity: tuple[tuple[str, int], ...] = ()
    total: int = 0
    before: int = 0
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Mover:
    """How much one model moved a total."""

    subject: str
    now: Decimal
    before: Decimal

    @property
    def delta(self) -> Decimal:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A target that began to hold in the month."""

    kpi: str
    scope: str
    from_at: datetime
    target: str
    set_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that reads otherwise than when it was sent."""

    kpi: str
    title: str
    was: str
    now: str
    was_status: str
    now_status: str


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
class Evidence:
    models: int = 0
    tier_1_models: int = 0
    incidents: Incidents = Incidents()
    reviews: Reviews = Reviews()
    actions: Actions = Actions()
    initiatives: Initiatives = Initiatives()
    movers: tuple[Mover, ...] = ()
    target_changes: tuple[TargetChange, ...] = ()
    changes: tuple[Change, ...] = ()
