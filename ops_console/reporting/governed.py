"""What a quarter's report tells of what governance asks for: the rows behind its KPIs that need somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Better
from ops_console.measures.readings import Reading
from ops_console.records.findings import Finding
from ops_console.scorecard.read import records
from ops_console.scorecard.record import Record

CARDS, PAVED, REPRODUCED, EXCEPTIONS = (
    "model_card_completeness",
    "paved_road_adoption",
    "reproducibility",
    "audit_exceptions",
)
KEYS = (CARDS, PAVED, REPRODUCED, EXCEPTIONS)
MOST = 15


@dataclass(frozen=True, slots=True)
class GovernedRow:
    """One row: a model, a version or an exception; `note` says what it lacks or how it stands. `is_missed` needs
    somebody.
    """

    subject: str
    label: str
    note: str
    is_missed: bool
    due_on: date | None = None
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class Governed:
    """The rows of one KPI, those that need somebody first; `total` counts all that count."""

    kpi: str
    rows: tuple[GovernedRow, ...] = ()
    total: int = 0

    @property
    def missed(self) -> tuple[GovernedRow, ...]:
        return tuple(row for row in self.rows if row.is_missed)


def governed(
    session: Session, found: Iterable[Reading], most: int = MOST, keys: Sequence[str] = KEYS
) -> tuple[Governed, ...]:
    """Of those readings that governance asks for, as things stood at the end of their period, or stand now."""
    by_key = {reading.key: reading for reading in found}
    return tuple(_of(session, by_key[key], most) for key in keys if key in by_key)


def _of(session: Session, found: Reading, most: int) -> Governed:
    counted = int(found.n or 0)
    if not counted:
        return Governed(found.key)
    start, end, limit = found.window_start, found.window_end, min(most, counted)
    page = records(session, found.key, found.scope, start, end, figure=found.figure, limit=limit)
    told = [row for row in page.rows if row.excluded is None]
    days = _days(session, [row.id for row in told if row.id is not None]) if found.key == EXCEPTIONS else {}
    rows = (_row(found.key, row, *days.get(row.id or 0, (None, None))) for row in told)
    return Governed(found.key, tuple(rows), counted)


def _row(key: str, row: Record, due_on: date | None, waived_until: date | None) -> GovernedRow:
    hurts = 1 if CATALOGUE[key].better is Better.LOWER else 0
    return GovernedRow(row.subject, row.label, row.note, row.measure == hurts, due_on, waived_until)


def _days(session: Session, numbers: list[int]) -> dict[int, tuple[date | None, date | None]]:
    """Until when each exception was to be closed, and until when it is waived."""
    told = (col(Finding.id), col(Finding.due_on), col(Finding.waived_until))
    found = session.execute(select(*told).where(col(Finding.id).in_(numbers)))
    return {number: (due_on, waived_until) for number, due_on, waived_until in found}
