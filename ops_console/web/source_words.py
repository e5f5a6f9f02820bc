"""How a source is, in a word and in a sentence, and how far behind it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ops_console.core import units
from ops_console.ingest.freshness import PATIENCE
from ops_console.ingest.sources import BROKEN, NEW, REJECTED, UNAVAILABLE
from ops_console.records.sources import Source
from ops_console.web.view import workspace

Tag = tuple[str, str, str]

PAUSED: Tag = ("none", "○", "Paused")
FIRST: Tag = ("none", "○", "First sync")
FAILED: Tag = ("bad", "■", "Failed")
WAITING: Tag = ("watch", "▲", "Waiting")
STALE: Tag = ("watch", "▲", "Stale")
WORKING: Tag = ("good", "●", "Working")
LISTENING: Tag = ("good", "●", "Listening")


@dataclass(frozen=True, slots=True)
class SourceTold:
    """A source with its tag, what is wrong and what to do, and how old the newest it can know is."""

    source: Source
    tag: Tag
    reason: str
    lag: str


def told_of(source: Source, now: datetime) -> SourceTold:
    """The words for a source as it is now."""
    tag = _tag(source, now)
    lag = units.duration((now - source.covers_until).total_seconds()) if source.covers_until else ""
    return SourceTold(source, tag, _reason(source, tag), lag)


def _tag(source: Source, now: datetime) -> Tag:
    if not source.minutes:
        return LISTENING
    if source.paused:
        return PAUSED
    if source.state in (REJECTED, BROKEN):
        return FAILED
    if source.last_good_at and now - source.last_good_at > PATIENCE * timedelta(minutes=source.minutes):
        return STALE
    return {NEW: FIRST, UNAVAILABLE: WAITING}.get(source.state, WORKING)


def _reason(source: Source, tag: Tag) -> str:
    said = f"{source.error} {source.remedy or ''}".strip() if source.error else ""
    if tag == PAUSED:
        return f"Nobody asks it until somebody lets it go on. {said}".strip()
    if said:
        return f"{said} Next try {units.instant(source.due_at, workspace().zone)}."
    if tag == STALE and source.last_good_at:
        heard = units.instant(source.last_good_at, workspace().zone)
        return f"Nothing was heard since {heard}; see whether the scheduler runs."
    return ""
