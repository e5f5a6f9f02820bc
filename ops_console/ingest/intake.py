"""Facts that an integration states, kept in the transaction in which their source moves on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.contracts.possible import Impossible
from ops_console.contracts.readers import NO_VALUE
from ops_console.contracts.rows import Refused
from ops_console.contracts.sources import Piece, Told
from ops_console.core.clock import now
from ops_console.ingest.bills import Bill
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.drafts import Drafts
from ops_console.ingest.ledger import DONE, ImportRecord
from ops_console.ingest.parse import Parser
from ops_console.ingest.pieces import put_together
from ops_console.ingest.reader import as_text
from ops_console.ingest.recorded import drafter_of
from ops_console.ingest.rows import rows_of
from ops_console.ingest.shapes import sentences
from ops_console.ingest.store import accept
from ops_console.ingest.summary import Summary
from ops_console.ingest.unfit import Unfit
from ops_console.records.imports import Import


@dataclass
class Taken:
    """What became of the facts of one call: how many changed something, and by their place why some were refused and
    what others wait for.
    """

    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)


class Intake:
    """What one run of a source brings: an import row for each kind, true at every commit. What is `is_reread` was
    perhaps taken before, by an earlier reading of the same words.
    """

    def __init__(self, source: str, origin: str, made_by: str, *, is_reread: bool = False) -> None:
        self._source, self._origin, self._made_by, self._is_reread = source, origin, made_by, is_reread
        self._records: dict[str, ImportRecord] = {}

    def keep(self, session: Session, told: Sequence[Told]) -> Taken:
        """Keep facts; those of kinds that others refer to come first."""
        kept = Taken()
        whole = {place: each for place, each in enumerate(told) if not isinstance(each, Piece)}
        self._keep_kinds(session, whole, kept, is_reread=self._is_reread)
        pieces = {place: each for place, each in enumerate(told) if isinstance(each, Piece)}
        self._keep_pieces(session, pieces, kept)
        return kept

    def keep_bill(self, session: Session, bill: Bill) -> Summary:
        """Keep the charges of a bill that was read."""
        bill.keep(session, self._origin, self._made_by)
        return bill.summary

    def _keep_pieces(self, session: Session, pieces: Mapping[int, Piece], kept: Taken) -> None:
        """A fact told in pieces stands as they say together, whatever was made of fewer of them."""
        found = put_together(session, self._source, pieces)
        for each in found:
            if each.missing:
                reason = f"Kept until the rest is told; {', '.join(each.missing)} not known yet."
                kept.waiting |= dict.fromkeys(each.places, reason)
        ready = {each.places[0]: each for each in found if not each.missing}
        self._keep_kinds(session, {place: each.told for place, each in ready.items()}, kept, is_reread=True)
        for place in ready.keys() & kept.refused.keys():
            kept.refused |= dict.fromkeys(ready[place].places, kept.refused[place])

    def _keep_kinds(self, session: Session, told: Mapping[int, Told], kept: Taken, *, is_reread: bool) -> None:
        places: dict[str, list[int]] = defaultdict(list)
        for place, each in told.items():
            places[each.kind].append(place)
        for kind in sorted(places, key=list(KINDS).index):
            values = {place: told[place].values for place in places[kind]}
            self._keep_kind(session, kind, values, kept, is_reread=is_reread)

    def begin_kinds(self, session: Session, kinds: Sequence[str]) -> None:
        """Say of kinds nobody heard of so far that there are none, which is more than not to know."""
        mine = select(col(Import.kind)).where(col(Import.source) == self._source, col(Import.kind).in_(kinds))
        for kind in sorted(set(kinds) - set(session.scalars(mine.distinct()))):
            self._record(session, kind).batch(session, (), finished_at=now())

    def _keep_kind(
        self, session: Session, kind: str, values: Mapping[int, Mapping[str, Any]], kept: Taken, *, is_reread: bool
    ) -> None:
        places, facts, refused = list(values), dict[int, Fact](), dict[int, Refused]()
        odd: list[tuple[str, Impossible]] = []
        parser, free = Parser(kind, self._source, None), sentences(kind)
        for place, row in zip(places, rows_of(values.values()), strict=True):
            if isinstance(row, Refused):
                refused[place] = row
                continue
            unread = {name: value for name, value in row.cells.items() if _is_no_value(value) and name not in free}
            try:
                facts[place] = fact = parser(_without(row.cells, unread))
                odd += [(fact.external_id, each) for each in parser.odd]
                parser.odd = []
            except Unfit as error:
                refused[place] = Refused(row.line, error.field, error.beside(unread), as_text(row.cells))
        drafts = Drafts([*facts.values()], drafter_of(session, kind))
        outcome = accept(session, kind, drafts, is_reread=is_reread)
        order = list(facts)
        for number, reason in outcome.reasons.items():
            place = order[number]
            refused[place] = Refused(places.index(place) + 1, None, reason, as_text(values[place]))
        record = self._record(session, kind)
        record.summary.add(outcome, read=len(places), refused=len(refused))
        record.summary.note_odd(odd)
        record.summary.warnings = [*map(str, record.summary.odd.values())]
        record.batch(session, list(refused.values()), finished_at=now())
        kept.changed += outcome.counts["new"] + outcome.counts["changed"]
        kept.refused |= {place: each.reason for place, each in refused.items()}

    def _record(self, session: Session, kind: str) -> ImportRecord:
        if kind not in self._records:
            delivery = Delivery(kind, self._source, made_by=self._made_by, origin=self._origin)
            self._records[kind] = ImportRecord(delivery, Summary(kind, self._source))
            self._records[kind].begin(session, DONE)
        return self._records[kind]


def _is_no_value(value: Any) -> bool:
    return value.__class__ is str and value in NO_VALUE


def _without(cells: dict[str, Any], unread: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in cells.items() if name not in unread} if unread else cells
