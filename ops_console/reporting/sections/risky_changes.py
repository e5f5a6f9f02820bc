"""New versions of the week that somebody should watch."""

from ops_console.contracts.document import Block, Note, Section, Table
from ops_console.core import units
from ops_console.reporting import pieces
from ops_console.reporting.hazards import RiskyRelease
from ops_console.reporting.snapshot import Snapshot

KEYS = ("model_deployments", "change_failure_rate")
TITLE = "Risky changes"


def risky_changes(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(*KEYS)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("changes", TITLE, pieces.not_connected(readings))
    found = snapshot.evidence.risky
    rows = tuple(_row(row, snapshot) for row in found.rows)
    where = snapshot.url("/deployments")
    table = Table(
        "Releases to watch", ("Model", "Version", "Live", "Why"), rows, note=pieces.more(found.total, len(rows), where)
    )
    none = (
        f"None of {units.counted(found.released, 'releases')} broke anything that is known, or lacks a tested way back."
    )
    quiet = Note(none if found.released else "Nothing new went live.")
    blocks: list[Block] = [pieces.figures(known), table if rows else quiet, *pieces.sources(snapshot, known)]
    return pieces.section("changes", TITLE, blocks)


def _row(row: RiskyRelease, snapshot: Snapshot) -> tuple[str, ...]:
    at = row.live_at.astimezone(snapshot.zone)
    when = f"{units.short_day(at.date(), snapshot.period.last_day)} {at:%H:%M}"
    return (row.model, row.version, when, "; ".join(row.why))
