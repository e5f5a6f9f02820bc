"""What somebody must decide, who and by when; and what was decided since the month began."""

from ops_console.contracts.document import Block, Line, Lines, Note, Section, Tone
from ops_console.core import units
from ops_console.reporting import pieces
from ops_console.reporting.efforts import AskedRow, DecidedRow
from ops_console.reporting.snapshot import Snapshot

TITLE = "Decisions asked"
NONE = "Nothing waits for a decision."


def decisions_asked(snapshot: Snapshot) -> Section | None:
    """Nothing where nobody has ever asked for one."""
    found = snapshot.evidence.asked
    if not found.began:
        return None
    lines = [_asked(row) for row in found.rows] + [_decided(row, snapshot) for row in found.decided]
    shown = len(found.rows) + len(found.decided)
    more = pieces.more(found.total + found.answers, shown, snapshot.url("/decisions"))
    blocks: list[Block] = [Lines(tuple(lines))] if lines else []
    blocks += [Note(said) for said in (more, "" if found.rows else NONE) if said]
    return pieces.section("decisions", TITLE, blocks)


def _asked(row: AskedRow) -> Line:
    """`▲ Fund a second region: Ana Lee, by 30 Oct 2026 (5 days overdue). The ranker has one.`"""
    is_late = row.late_days > 0
    late = f" ({units.counted(row.late_days, 'days')} overdue)" if is_late else ""
    text = f"{row.question.rstrip('.')}: {row.owner}, by {units.day(row.due_on)}{late}."
    icon, tone = ("▲", Tone.WATCH) if is_late else ("○", Tone.NONE)
    return Line(" ".join(filter(None, (text, row.why))), icon, tone)


def _decided(row: DecidedRow, snapshot: Snapshot) -> Line:
    on = units.day(row.decided_at.astimezone(snapshot.zone).date())
    return Line(f"Decided on {on} by {row.owner}: {row.question.rstrip('.')}. Answer: {row.answer}", "●", Tone.GOOD)
