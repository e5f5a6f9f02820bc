"""Marks on the calendar: which kind of fact moved, and when. The scorecard recomputes what they touch."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from ops_console.core.clock import MILLISECOND, milliseconds, now
from ops_console.ingest.tables import outdated

DAY = 86_400_000
MOST_ROWS = 40
"""Beyond this many separate spans the gaps are worth less than the rows."""

Span = tuple[int, int]


def mark(session: Session, kind: str, spans: Iterable[tuple[datetime, datetime]]) -> None:
    """Mark `[from, to)` stretches outdated for a kind of fact; a point in time may be given as (t, t)."""
    mark_milliseconds(session, kind, ((milliseconds(a), milliseconds(max(b, a + MILLISECOND))) for a, b in spans))


def mark_instants(session: Session, kind: str, instants: Iterable[int | None]) -> None:
    """Mark the milliseconds at which something was, or now is."""
    mark_milliseconds(session, kind, _stretches(sorted({at for at in instants if at is not None})))


def _stretches(instants: Sequence[int]) -> Iterator[Span]:
    """From the first to just after the last of those less than a day apart."""
    if instants:
        began = before = instants[0]
        for at in instants:
            if at - before > DAY:
                yield began, before + 1
                began = at
            before = at
        yield began, before + 1


def mark_milliseconds(session: Session, kind: str, spans: Iterable[Span]) -> None:
    fresh = merged(spans)
    if not fresh:
        return
    kept = [
        (row.from_at, row.to_at)
        for row in session.execute(select(outdated.c.from_at, outdated.c.to_at).where(outdated.c.kind == kind))
    ]
    together = merged(kept + fresh)
    if together == sorted(kept):
        return
    session.execute(delete(outdated).where(outdated.c.kind == kind))
    at = milliseconds(now())
    session.execute(insert(outdated), [{"kind": kind, "from_at": a, "to_at": b, "marked_at": at} for a, b in together])


def merged(spans: Iterable[Span]) -> list[Span]:
    """Few spans that cover all: those less than a day apart become one, or those less than 2, 4, 8 … days apart."""
    ordered = sorted(set(spans))
    gap = DAY
    while len(found := _merged(ordered, gap)) > MOST_ROWS:
        ordered, gap = found, gap * 2
    return found


def _merged(ordered: list[Span], gap: int) -> list[Span]:
    found: list[Span] = []
    for began, ended in ordered:
        if found and began - found[-1][1] < gap:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found
