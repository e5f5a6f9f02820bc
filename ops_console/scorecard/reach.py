"""How far facts reach: which periods their figures stand in, seen from the running instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ops_console.core.clock import EPOCH
from ops_console.core.periods import Grain, Period, between, containing
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Span
from ops_console.scorecard.compute import PERIOD, TRAILING, longest_window
from ops_console.scorecard.moving import Moving

DAY = timedelta(days=1)
MOMENT = timedelta(milliseconds=1)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
EVERYTHING = Span(EPOCH, LATEST)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The running instant and the zone whose midnights bound periods."""

    now: datetime
    zone: ZoneInfo

    def running(self, grain: Grain) -> Period:
        return containing(self.now, grain, self.zone)

    def touched(self, spans: Iterable[Span], grain: Grain, reach: "Reach") -> list[Span]:
        """Stretches of period starts whose figures a fact in one of the spans can change."""
        found: list[Span] = []
        for span in spans:
            first = containing(max(span.start - reach.back, EPOCH), grain, self.zone).start
            last = containing(max(self._last(span, grain, reach), span.start), grain, self.zone).end
            found.append(Span(first, last))
        return together(found)

    def _last(self, span: Span, grain: Grain, reach: "Reach") -> datetime:
        if reach.for_ever:
            return max(span.end, self.running(grain).end) - MOMENT
        return span.end + reach.ahead if reach.ahead else span.end - MOMENT

    def periods(self, stretches: Iterable[Span], grain: Grain, there: Span, reach: "Reach") -> list[Period]:
        """The periods that begin in these stretches, as far as there is anything to see. No window that trails into
        the future is computed, nor how things will stand then: its figure would be taken for the latest.
        """
        running = self.running(grain).end
        until = running if reach.for_ever else min(there.end + reach.ahead, running) if reach.ahead else there.end
        return [
            period
            for stretch in stretches
            for period in between(max(stretch.start, there.start), min(stretch.end, until), grain, self.zone)
        ]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far from its own place a fact changes figures: back to cases that are followed up, ahead in windows that
    trail, and for ever where figures say how things stand.
    """

    back: timedelta = timedelta()
    ahead: timedelta = timedelta()
    for_ever: bool = False
    moves_on: bool = False
    """Figures of the running period change with time alone."""

    @classmethod
    def of(cls, definition: Definition, window: str) -> "Reach":
        days = longest_window(definition) if window == TRAILING else 0
        ahead = days + definition.reaches_days
        return cls(
            back=timedelta(days=definition.matures_days or 0),
            ahead=(ahead + 1) * DAY if ahead else timedelta(),
            for_ever=definition.snapshot,
            moves_on=bool(days) or definition.snapshot,
        )


def together(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def touches(spans: Iterable[Span], moving: Moving, now: datetime) -> bool:
    """Whether facts in one of the spans change a figure that moves with the clock."""
    reach, measured = Reach.of(moving.definition, PERIOD), moving.depends_on(now)
    return any(
        span.start - reach.back < measured.end and (reach.for_ever or measured.start < span.end + reach.ahead)
        for span in spans
    )


def within_reason(start: datetime, end: datetime) -> Span:
    start = min(max(start, EPOCH), LATEST - DAY)
    return Span(start, max(min(end, LATEST), start + MOMENT))
