"""Everything that happened to one model on one axis of time, as places on a drawing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ops_console.contracts.vocabulary import RunStatus
from ops_console.core import units
from ops_console.core.columns import FOREVER
from ops_console.core.periods import Grain, between
from ops_console.records.degradations import Degradation
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident

WIDTH, LEFT, RIGHT = 960, 96, 16
"""The drawing's width and the margins that labels need, in its own units."""
TOP, STEP, FOOT = 32, 48, 52
"""Where the first lane lies, how far apart lanes lie, and the room below the last one."""
NARROWEST = 4.0
"""An incident of minutes in a window of months would be too thin to see."""
APART = 12.0
"""Trainings closer together than this are one mark: a model may be trained every day."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened: where it stands, how wide it is, what it says, and its page, if it has one."""

    x: float
    width: float
    shape: str
    words: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Things of one sort, on one line of the drawing."""

    title: str
    y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Ready to draw."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    days: int
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT

    @property
    def height(self) -> int:
        return self.lanes[-1].y + FOOT

    @property
    def is_empty(self) -> bool:
        return not any(lane.marks for lane in self.lanes)

    @property
    def words(self) -> str:
        """How many of each there are."""
        return ", ".join(f"{len(lane.marks)} in {lane.title.lower()}" for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Training:
    """A training that ended."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What lies in `[start, end)`, each oldest first."""

    start: datetime
    end: datetime
    releases: Sequence[Release] = ()
    incidents: Sequence[Incident] = ()
    degradations: Sequence[Degradation] = ()
    trainings: Sequence[Training] = ()


def timeline(happened: Happened, zone: ZoneInfo) -> Timeline:
    """Place everything that happened. Drift and training have a lane where any is known."""
    start, end = happened.start, happened.end
    place = _Axis(start, end, zone)
    lanes = [
        ("Releases", [_released(each, place) for each in happened.releases if each.live_at]),
        ("Incidents", [_broken(each, place) for each in happened.incidents if each.began_at]),
        ("Drift", [_degraded(each, place) for each in happened.degradations]),
        ("Retraining", list(_trained(happened.trainings, place))),
    ]
    drawn = [(title, marks) for number, (title, marks) in enumerate(lanes) if marks or number < 2]
    months = [month for month in between(start, end, Grain.MONTH, zone) if start <= month.start < end]
    ticks = [Tick(place(month.start), units.period_title(month.label)) for month in months]
    return Timeline(
        tuple(Lane(title, TOP + number * STEP, tuple(marks)) for number, (title, marks) in enumerate(drawn)),
        tuple(ticks[:: max(1, len(ticks) // 8)]),
        max(1, round((end - start) / timedelta(days=1))),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """From instants to places, and to words."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def __call__(self, when: datetime) -> float:
        share = (min(max(when, self.start), self.end) - self.start) / (self.end - self.start)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def width(self, began: datetime, ended: datetime | None) -> float:
        return round(max(self(ended or FOREVER) - self(began), NARROWEST), 1)

    def told(self, when: datetime) -> str:
        return units.instant(when, self.zone)

    def day(self, when: datetime) -> str:
        return units.day(when.astimezone(self.zone).date())


def _released(release: Release, place: _Axis) -> Mark:
    at = release.live_at or FOREVER
    shape = {"release": "new", "hotfix": "new", "rollback": "undone"}.get(release.kind, "other")
    words = f"{release.kind} {release.version}, {place.told(at)}"
    return Mark(place(at), 0, shape, words, f"/deployments/{release.id}")


def _broken(incident: Incident, place: _Axis) -> Mark:
    began = incident.began_at or FOREVER
    severity = f"{incident.severity} " if incident.severity else ""
    lasted = _lasted(began, incident.restored_at, "restored", "not restored yet")
    return Mark(
        place(began),
        place.width(began, incident.restored_at),
        "heavy" if incident.severity in ("SEV1", "SEV2") else "light",
        f"{severity}{incident.title}, {place.told(began)}, {lasted}",
        f"/incidents/{incident.id}",
    )


def _degraded(episode: Degradation, place: _Axis) -> Mark:
    began = episode.onset_at or episode.detected_at
    lasted = _lasted(episode.detected_at, episode.episode_ends_at, "mitigated", "not mitigated yet")
    signal = episode.signal.replace("_", " ").capitalize()
    words = f"{signal}, detected {place.told(episode.detected_at)}, {lasted}"
    return Mark(place(began), place.width(began, episode.episode_ends_at), "drift", words)


def _lasted(began: datetime, ended: datetime | None, done: str, not_done: str) -> str:
    if ended is None:
        return not_done
    return f"{done} after {units.duration(max(ended - began, timedelta()).total_seconds())}"


def _trained(trainings: Sequence[Training], place: _Axis) -> Iterator[Mark]:
    for near in _near(trainings, place):
        failed = sum(each.status == RunStatus.FAILED for each in near)
        shape = "untrained" if failed == len(near) else "trained"
        yield Mark(place(near[0].at), 0, shape, _trainings(near, failed, place))


def _trainings(near: Sequence[Training], failed: int, place: _Axis) -> str:
    first, last = near[0].at, near[-1].at
    if len(near) == 1:
        return f"training {near[0].status}, {place.told(first)}"
    return f"{len(near)} trainings, {place.day(first)} to {place.day(last)}" + (f", {failed} failed" if failed else "")


def _near(trainings: Sequence[Training], place: _Axis) -> Iterator[list[Training]]:
    """Those whose marks would lie on one another."""
    near: list[Training] = []
    for each in trainings:
        if near and place(each.at) - place(near[0].at) >= APART:
            yield near
            near = []
        near.append(each)
    if near:
        yield near
