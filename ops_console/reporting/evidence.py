"""What stands beside the figures in a report: incidents, cost movers, target changes. Plain data, so it freezes."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ops_console.reporting.efforts import Actions, Asked, Initiatives, Reviews
from ops_console.reporting.governed import Governed
from ops_console.reporting.hazards import FailedPipelines, Risky


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
    """Those that began in the month: counts of all, rows of the gravest. `before` counts the month before, where
    anything is known of it.
    """

    rows: tuple[IncidentRow, ...] = ()
    by_severity: tuple[tuple[str, int], ...] = ()
    total: int = 0
    before: int | None = 0
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
class Evidence:
    models: int = 0
    tier_1_models: int = 0
    incidents: Incidents = Incidents()
    reviews: Reviews = field(default_factory=Reviews)
    actions: Actions = field(default_factory=Actions)
    initiatives: Initiatives = field(default_factory=Initiatives)
    asked: Asked = field(default_factory=Asked)
    movers: tuple[Mover, ...] = ()
    target_changes: tuple[TargetChange, ...] = ()
    changes: tuple[Change, ...] = ()
    risky: Risky = field(default_factory=Risky)
    failed: FailedPipelines = field(default_factory=FailedPipelines)
    """Of a week: what broke or may, and what did not run."""
    governed: tuple[Governed, ...] = ()
    """Of a quarter."""
