"""What stands behind a figure that is made of sums: its parts in place of rows."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Figure, Span
from ops_console.measures.scopes import Scope
from ops_console.scorecard.candidates import cells_of, reduced
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.record import Mark, Record, RecordPage, url_of


def parts(session: Session, aggregate: Aggregate, scope: Scope, span: Span, figure: Figure | None) -> list[Record]:
    if figure is None:
        [cells] = cells_of(session, [aggregate], [span])
        found = reduced(session, aggregate, cells, setting_of(session))
        figure = found.figure(scope, span) if scope in found.scopes() else None
    return [
        Record(
            record=aggregate.record,
            id=part.id,
            subject=part.subject,
            anchor=None,
            label=part.label,
            measure=part.measure,
            excluded=part.excluded,
            url=url_of(aggregate.record, part.id, part.subject),
            n=part.n,
            note=part.note,
        )
        for part in aggregate.parts(figure or Figure()) or ()
    ]


def listed(rows: Sequence[Record], definition: Definition, limit: int, offset: int, after: Mark | None) -> RecordPage:
    left_out = Counter(row.excluded for row in rows if row.excluded)
    counted = len(rows) - left_out.total()
    ordered = sorted(rows, key=_part_mark)
    following = [row for row in ordered if after is None or _part_mark(row) > tuple(after)][offset:]
    last = _part_mark(following[limit - 1]) if len(following) > limit else None
    excluded = dict(sorted(left_out.items()))
    return RecordPage(following[:limit], len(rows), counted, excluded, definition.unit.value, last)


def _part_mark(row: Record) -> Mark:
    return (row.id or 0, row.label, row.subject)
