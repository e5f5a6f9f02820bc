"""Charges that an integration brings: summed while they stream by, and swapped in where its cursor moves on.

They pass as a FOCUS file does that somebody uploads: the same columns, the same saved mapping, the same warnings.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic
from types import TracebackType

from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.contracts.facts import CostFact
from ops_console.contracts.integration import Unavailable
from ops_console.contracts.rows import Refused, Row
from ops_console.contracts.sources import Charges
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.ingest.costs import CostIntake
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.focus import COLUMNS, with_focus_habits
from ops_console.ingest.ledger import DONE, ImportRecord
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.reader import reader_of
from ops_console.ingest.rows import rows_of
from ops_console.ingest.rules import Rules
from ops_console.ingest.saved_mappings import saved_mapping
from ops_console.ingest.summary import Summary
from ops_console.ingest.unpack import Unpacked

COSTS = CostFact.kind_of_fact
OFTEN, BEAT = 1_000, 20.0
"""Each so many rows it is looked whether so many seconds have passed; whoever holds the source hears of it then."""


class Bill(AbstractContextManager["Bill"]):
    """The charges of one part. `read` asks for all of them and keeps none; `keep` swaps them in."""

    def __init__(self, engine: Engine, source: str, charges: Charges) -> None:
        self.summary = Summary(COSTS, source)
        self._charges = charges
        self._intake = CostIntake(source, charges.part)
        with reading(engine) as session:
            self._document = with_focus_habits(saved_mapping(session, source, COSTS) or Document())
        self._unused: dict[str, None] = {}

    def read(self, beat: Callable[[], None]) -> None:
        """Sum every charge; `beat` is called now and then meanwhile."""
        beaten = monotonic()
        for is_waiting in self._taken():
            if (is_waiting or self.summary.rows % OFTEN == 0) and monotonic() - beaten > BEAT:
                beat()
                beaten = monotonic()
        self.summary.note_unused(list(self._unused))

    def keep(self, session: Session, origin: str, made_by: str) -> None:
        """Replace what the part said before, and enter that among the imports."""
        delivery = Delivery(COSTS, self.summary.source, made_by=made_by, origin=f"{origin}: {self._charges.part}")
        record = ImportRecord(delivery, self.summary)
        record.begin(session, DONE)
        self._intake.settle(session, self.summary, is_whole=self._charges.is_whole)
        self.summary.warnings += self._charges.notes
        record.batch(session, self._intake.refusals, finished_at=now())

    def _taken(self) -> Iterator[bool]:
        """After each row, whether it is still waited for."""
        loose = self._rules(())
        for each in self._charges.rows:
            if isinstance(each, Path):
                for _ in self._taken_from(each):
                    yield False
            elif each is not None:
                self._take(next(rows_of([each]))._replace(line=self.summary.rows + 1), loose)
            yield each is None
        self._unused |= dict.fromkeys(loose.unknown)

    def _taken_from(self, path: Path) -> Iterator[None]:
        unpacked = Unpacked(path, self._document.encoding)
        reader = reader_of(unpacked, self._document.delimiter or "")
        rules = self._rules(reader.columns)
        for row in reader:
            if isinstance(row, Refused):
                row = row._replace(reason=f"{path.name}: {row.reason}")
            self._take(row, rules)
            yield
        if unpacked.damage:
            raise Unavailable(f"{path.name}: {unpacked.damage}.", remedy="It is asked for again by itself.")
        self._unused |= dict.fromkeys(rules.unknown)

    def _take(self, row: Row | Refused, rules: Rules) -> None:
        self.summary.rows += 1
        self._intake.take(row, rules)
        self._intake.fresh_refusals()

    def _rules(self, columns: list[str] | tuple[()]) -> Rules:
        return Rules(COSTS, self._document, columns, synonyms=COLUMNS)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._intake.__exit__(kind, error, trace)
