"""What is said of a delivery when it went through the door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ops_console.contracts.possible import Impossible
from ops_console.contracts.rows import Refused
from ops_console.ingest.recorded import moment
from ops_console.ingest.store import Outcome

FILTERED = "filtered"
COUNTED = ("rows", "new", "changed", "unchanged", "older", "refused", FILTERED)


@dataclass(frozen=True)
class RowResult:
    """What became of one row of an API batch: new, changed, unchanged, older, refused or filtered."""

    row: int
    result: str
    column: str | None = None
    reason: str | None = None


@dataclass
class Odd:
    """Rows that were taken though one of their times cannot be: how many, and the first of them."""

    first: str
    rows: int = 0

    def __str__(self) -> str:
        kept = "1 row is kept" if self.rows == 1 else f"{self.rows:,} rows are kept"
        return f"{self.first}. {kept}; no figure counts the time between the two."


@dataclass
class Summary:
    """What an import did. `error` says why the content ended early; what came before it has landed."""

    kind: str
    source: str
    import_id: int | None = None
    dry_run: bool = False
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    refused: int = 0
    filtered: int = 0
    unmapped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    odd: dict[str, "Odd"] = field(default_factory=dict)
    error: str | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    refused_file: Path | None = None
    first_refused: list[Refused] = field(default_factory=list)
    seconds: float = 0.0
    results: list[RowResult] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.refused and not self.error

    def add(self, outcome: Outcome, *, read: int, refused: int, filtered: int = 0) -> None:
        """Count what became of one batch."""
        self.rows += read
        self.filtered += filtered
        self.refused += refused
        for name in ("new", "changed", "unchanged", "older"):
            setattr(self, name, getattr(self, name) + outcome.counts[name])
        self.unmapped = sorted(outcome.unmapped.union(self.unmapped))
        if outcome.span:
            first, last = moment(outcome.span[0]), moment(outcome.span[1] - 1)
            self.first_at = min(first, self.first_at or first)
            self.last_at = max(last, self.last_at or last)

    def note_unused(self, columns: Sequence[str]) -> None:
        """Say which columns nobody uses."""
        if columns:
            self.warnings.append(
                f"Columns that are not used: {', '.join(columns[:40])}. "
                "Map them onto fields, or list them under ignore in the mapping."
            )

    def note_odd(self, found: Sequence[tuple[str, Impossible]]) -> None:
        """Say what cannot be of rows that were taken, and where they stand."""
        for where, each in found:
            self.odd.setdefault(each.what, Odd(f"{where}: {each.reason}")).rows += 1

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTED}

    def as_json(self) -> dict[str, Any]:
        """For `--json` and the API: stable names, times in ISO 8601."""
        found = {"kind": self.kind, "source": self.source, "import_id": self.import_id, "dry_run": self.dry_run}
        return (
            found
            | self.counts()
            | {
                "unmapped": self.unmapped,
                "warnings": self.warnings,
                "error": self.error,
                "first_at": self.first_at.isoformat() if self.first_at else None,
                "last_at": self.last_at.isoformat() if self.last_at else None,
                "refused_file": str(self.refused_file) if self.refused_file else None,
                "seconds": round(self.seconds, 3),
            }
        )
