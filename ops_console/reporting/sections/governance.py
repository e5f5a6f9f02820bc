"""Whether models are documented, reproducible and audit-ready, and which of them are not."""

from collections.abc import Iterator, Sequence

from ops_console.contracts.document import Block, Section, Table
from ops_console.core import units
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces
from ops_console.reporting.governed import CARDS, EXCEPTIONS, PAVED, REPRODUCED, Governed, GovernedRow
from ops_console.reporting.snapshot import Snapshot

TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    CARDS: ("Models without a complete card", ("Model", "Lacks")),
    PAVED: ("Models off the paved road", ("Model", "Lacks")),
    REPRODUCED: ("Versions that could not be reproduced", ("Model", "Version")),
    EXCEPTIONS: ("Open exceptions", ("Exception", "Model", "State", "Due", "Waived until")),
}


def model_documentation(snapshot: Snapshot) -> Section | None:
    return _part(snapshot, "documentation", "Model documentation", (CARDS, PAVED))


def reproducibility(snapshot: Snapshot) -> Section | None:
    return _part(snapshot, "reproducibility", "Reproducibility", (REPRODUCED,))


def audit_readiness(snapshot: Snapshot) -> Section | None:
    return _part(snapshot, "audit", "Audit readiness", (EXCEPTIONS,))


def automation(snapshot: Snapshot) -> Section | None:
    keys = ("pipeline_automation", "data_gate_pass_rate", "experiment_to_production", "business_uplift")
    return _part(snapshot, "automation", "Automation and experiments", keys)


def people(snapshot: Snapshot) -> Section | None:
    keys = ("stakeholder_satisfaction", "stakeholder_cycle_time", "capability_growth", "team_health")
    return _part(snapshot, "people", "Stakeholders, team and skills", keys)


def _part(snapshot: Snapshot, key: str, title: str, keys: Sequence[str]) -> Section | None:
    readings = snapshot.known(*keys)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section(key, title, pieces.not_connected(readings)) if readings else None
    missing: list[Block] = [*pieces.not_connected(readings)]
    blocks: list[Block] = [
        pieces.figures(known),
        *missing,
        *(table for reading in known for table in _table(reading, snapshot)),
        *(chart for reading in known[:1] for chart in pieces.chart(reading)),
        *pieces.sources(snapshot, known),
    ]
    return pieces.section(key, title, blocks)


def _table(reading: Reading, snapshot: Snapshot) -> Iterator[Table]:
    found = next((each for each in snapshot.evidence.governed if each.kpi == reading.key), Governed(reading.key))
    is_open = reading.key == EXCEPTIONS
    rows = found.rows if is_open else found.missed
    if not rows:
        return
    total = found.total if is_open else max(len(rows), int((reading.n or 0) - (reading.k or 0)))
    note = pieces.more(total, len(rows), pieces.kpi_link(snapshot, reading))
    caption, columns = TABLES[reading.key]
    yield Table(caption, columns, tuple(_told(reading.key, row) for row in rows), note=note)


def _told(kpi: str, row: GovernedRow) -> tuple[str, ...]:
    if kpi == EXCEPTIONS:
        due, waived = (units.day(day) if day else "" for day in (row.due_on, row.waived_until))
        return row.label, row.subject or "none", f"■ {row.note}" if row.is_missed else row.note, due or "no day", waived
    return row.subject or "none", row.label if kpi == REPRODUCED else row.note.removeprefix("lacks: ")
