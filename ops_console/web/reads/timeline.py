"""One model's releases and incidents on one axis of time, as places on a drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ops_console.core import units
from ops_console.core.columns import FOREVER
from ops_console.core.periods import Grain, between
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident

WIDTH, LEFT, RIGHT = 1200, 96, 16
"""The drawing's width and the margins that labels need, in its own units."""
NARROWEST = 4.0
"""An incident of minutes in a window of months would be too thin to see."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened: where it stands, how wide it is, what it says."""

    x: float
    width: float
    shape: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Ready to draw."""

    releases: tuple[Mark, ...]
    incidents: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT


def timeline(
    releases: Sequence[Release], incidents: Sequence[Incident], start: datetime, end: datetime, zone: ZoneInfo
) -> Timeline:
    """Place everything that happened in `[start, end)`."""

    def place(when: datetime) -> float:
        share = (min(max(when, start), end) - start) / (end - start)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    ticks = [
        Tick(place(month.start), units.period_title(month.label))
        for month in between(start, end, Grain.MONTH, zone)
        if start <= month.start < end
    ]
    shipped = [
        Mark(place(each.live_at), 0, _shape(each), _shipped(each, zone), f"/deployments/{each.id}")
        for each in releases
        if each.live_at is not None
    ]
    broken = [
        Mark(place(each.began_at), _width(each, place), _weight(each), _broken(each, zone), f"/incidents/{each.id}")
        for each in incidents
        if each.began_at is not None
    ]
    step = max(1, len(ticks) // 8)
    return Timeline(tuple(shipped), tuple(broken), tuple(ticks[::step]))


def _shape(release: Release) -> str:
    return {"release": "new", "hotfix": "new", "rollback": "undone"}.get(release.kind, "other")


def _weight(incident: Incident) -> str:
    return "heavy" if incident.severity in ("SEV1", "SEV2") else "light"


def _width(incident: Incident, place: Callable[[datetime], float]) -> float:
    began = incident.began_at or FOREVER
    return round(max(place(incident.restored_at or FOREVER) - place(began), NARROWEST), 1)


def _shipped(release: Release, zone: ZoneInfo) -> str:
    when = units.instant(release.live_at, zone) if release.live_at else ""
    return f"{release.kind} {release.version}, {when}"


def _broken(incident: Incident, zone: ZoneInfo) -> str:
    when = units.instant(incident.began_at, zone) if incident.began_at else ""
    severity = f"{incident.severity} " if incident.severity else ""
    lasted = "not restored yet"
    if incident.restored_at and incident.began_at:
        span = max(incident.restored_at - incident.began_at, timedelta())
        lasted = f"restored after {units.duration(span.total_seconds())}"
    return f"{severity}{incident.title}, {when}, {lasted}"
