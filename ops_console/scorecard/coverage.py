"""How far the facts behind a KPI reach: what lies beyond is unknown, never zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ops_console.core.periods import Period
from ops_console.measures.definition import Definition

NOT_CONNECTED, FIRST_SYNC = "not_connected", "first_sync"
BROKEN = ("failed", "stale")


class Fresh(Protocol):
    """What ingest says of one kind of fact."""

    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def last_good(self) -> datetime | None: ...
    @property
    def covers_from(self) -> datetime | None: ...
    @property
    def covers_until(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """All kinds of fact that a KPI cannot do without, as one: as good as the worst of them."""

    missing: tuple[str, ...]
    sources: tuple[str, ...]
    as_of: datetime | None
    covers_from: datetime | None
    covers_until: datetime | None
    broken: str = ""
    arriving: str = ""
    """Facts arrive for the first time, and some are still missing."""
    at_end: bool = False
    """How things stood at the end of a period needs no facts from its beginning on."""

    def before(self, period: Period) -> bool:
        """The period began on a day before the facts did; of how things stand, it had ended by then. The day on which
        something happened first is covered: nobody deploys at midnight.
        """
        if self.covers_from is None:
            return False
        if self.at_end:
            return period.end <= self.covers_from
        return period.start < self.covers_from and period.first_day < _day(self.covers_from, period)

    def after(self, period: Period, now: datetime) -> bool:
        """The facts end before the period, or the part of it that has passed, does."""
        return self.covers_until is not None and self.covers_until < min(period.end, now)

    def reaches(self, period: Period) -> bool:
        """The whole period lies inside what the facts cover."""
        until = self.covers_until
        return not self.missing and not self.before(period) and (until is None or period.end <= until)


def _day(at: datetime, period: Period) -> date:
    return at.astimezone(ZoneInfo(period.zone)).date()


def coverage_of(definition: Definition, fresh: Mapping[str, Fresh]) -> Coverage:
    kinds = [fresh[kind] for kind in definition.facts if kind in fresh]
    as_of = min((kind.last_good for kind in kinds if kind.last_good), default=None)
    return Coverage(
        missing=tuple(kind for kind in definition.facts if kind in fresh and _never_arrived(fresh[kind])),
        sources=tuple(sorted({source for kind in kinds for source in kind.sources})),
        as_of=as_of,
        covers_from=max((kind.covers_from for kind in kinds if kind.covers_from), default=None),
        covers_until=_covered(definition, kinds, as_of),
        broken=next((kind.reason for kind in kinds if kind.state in BROKEN), ""),
        arriving=next((kind.reason for kind in kinds if kind.state == FIRST_SYNC), ""),
        at_end=definition.snapshot,
    )


def _covered(definition: Definition, kinds: Sequence[Fresh], as_of: datetime | None) -> datetime | None:
    """Until when everything is known. A register in which nothing changed is as complete as on the day it came."""
    until = min((kind.covers_until for kind in kinds if kind.covers_until), default=None)
    return max(filter(None, (until, as_of)), default=None) if definition.snapshot else until


def _never_arrived(kind: Fresh) -> bool:
    """Nothing was ever delivered: no source, or none whose delivery could be read."""
    heard = (kind.last_good, kind.covers_from, kind.covers_until)
    return kind.state == NOT_CONNECTED or (kind.state in BROKEN and heard == (None, None, None))
