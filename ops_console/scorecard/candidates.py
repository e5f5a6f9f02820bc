"""The rows a figure is made of: candidates of a measure, placed as each entry stood at the anchor, within the time
asked for. What adds up is added up in SQL over the elementary stretches between all boundaries asked for; the rest
comes row by row. The number of statements does not depend on how many scopes and periods are asked for.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    Text,
    TextClause,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlmodel import Session, col

from ops_console.core.columns import Instant
from ops_console.ingest.tables import Shape, among_told, as_json, as_told_table, told
from ops_console.measures.aggregates import Aggregate, entry_of
from ops_console.measures.figures import REST, Cell, Reduced, Setting, Span
from ops_console.records.catalog import CatalogInterval

LISTED = ("record_id", "label", "note")
"""What lists of records show, and no figure needs that does not tell rows apart by it."""
MOMENT: Shape = {"at": Instant(), "since": BigInteger(), "until": BigInteger()}


def reduced(session: Session, aggregate: Aggregate, cells: Sequence[Cell], setting: Setting) -> Reduced:
    """The cells in the shape from which figures are read."""
    if aggregate.names is not None:
        setting = replace(setting, names={row[0]: row[1] for row in session.execute(aggregate.names)})
    against = aggregate.against()
    other = session.execute(against).all() if against is not None else ()
    return aggregate.reduce(cells, setting, other)


def cells_of(
    session: Session,
    measures: Sequence[Aggregate],
    spans: Sequence[Span],
    part: Span | None = None,
    entries: Collection[int] | None = None,
) -> list[Sequence[Cell]]:
    """The candidates of measures of one source within the spans, or within a part of them that begins and ends where
    spans do; of some entries alone (and of what belongs to none), where they are named.
    """
    since, until = (part or whole_of(spans)).milliseconds
    values: dict[str, Any] = {"since": since, "until": until, "moments": as_json(_moments(measures[0], spans))}
    if entries is not None:
        values["entries"] = as_json(entries)
    size = 0
    if not measures[0].by_row:
        bounds = sorted({edge for span in spans for edge in span.milliseconds})
        size = _size(bounds)
        values |= _bounds(bounds, size)
    built = _built(measures, _Asked(session.get_bind().dialect.name, size, entries is not None))
    # Past the ORM, which would look at each of a hundred thousand rows once more.
    found = session.connection().execute(built.statement, values).all()
    return [[*map(mine, found)] for mine in built.takers] if len(measures) > 1 else [found]


class _Asked(NamedTuple):
    """What the text of a statement depends on: rows as they are where the `size` of the search is 0."""

    dialect: str
    size: int
    of_some_entries: bool


class _Built(NamedTuple):
    """A statement, and what takes the cell of each measure out of one of its rows."""

    statement: Select[Any]
    takers: Sequence[Callable[[Any], Cell]]


_statements: dict[tuple[int, ...], tuple[Sequence[Aggregate], dict[_Asked, _Built]]] = {}
"""By the identity of the measures, which therefore stay: building one takes longer than running it over a day."""


def _built(measures: Sequence[Aggregate], asked: _Asked) -> _Built:
    _, built = _statements.setdefault(tuple(map(id, measures)), (measures, {}))
    if asked not in built:
        built[asked] = _build(measures, asked)
    return built[asked]


def _build(measures: Sequence[Aggregate], asked: _Asked) -> _Built:
    entries = told("entries") if asked.of_some_entries else None
    edges = (bindparam("since", type_=BigInteger), bindparam("until", type_=BigInteger))
    rows = _rows(asked.dialect, measures[0], *edges, told("moments"), entries)
    names = [*dict.fromkeys(name for measure in measures for name in measure.keys)]
    found = _made_first(rows, names) if asked.size else rows.subquery("found")
    entry, team, tier, placed = standing(found)
    keys = [found.c[name] for name in names]
    if not asked.size:
        at: Any = type_coerce(found.c.anchor, BigInteger)
        statement = select(entry, team, tier, at, measures[0].left_out(found), *keys).select_from(placed)
        return _Built(statement, [*_takers(measures, names, [0] * len(measures))])
    # By time first, in which rows are found: what is nearly in order is soon sorted.
    places = ", ".join(map(str, (4, 1, 2, 3, *range(5, 6 + len(keys)))))
    at = type_coerce(_searching(asked.size), BigInteger)
    sums = [measure.sums(found) for measure in measures]
    columns = (entry, team, tier, at, measures[0].left_out(found), *keys, *chain.from_iterable(sums))
    statement = select(*columns).select_from(placed).group_by(text(places))
    return _Built(statement, [*_takers(measures, names, [len(each) for each in sums])])


def _takers(
    measures: Sequence[Aggregate], names: Sequence[str], widths: Iterable[int]
) -> Iterator[Callable[[Any], Cell]]:
    """By what others of the source are told apart, a measure has more cells; they add up to the same."""
    end = REST + len(names)
    for measure, width in zip(measures, widths, strict=True):
        begin, end = end, end + width
        yield itemgetter(*range(REST), *(REST + names.index(name) for name in measure.keys), *range(begin, end))


def candidates(session: Session, aggregate: Aggregate, spans: Sequence[Span]) -> FromClause:
    """All candidates of the spans, and perhaps of the time between them."""
    since, until = (literal(edge, BigInteger) for edge in whole_of(spans).milliseconds)
    moments = literal(as_json(_moments(aggregate, spans)), Text)
    return _rows(session.get_bind().dialect.name, aggregate, since, until, moments).subquery("found")


def _made_first(rows: SelectBase, keys: Collection[str]) -> FromClause:
    """Rows that are made once, one by one, before anything is done with them. Otherwise what they say would be worked
    out again for each use, and PostgreSQL would take a row to be as wide as all that it is worked out from.
    """
    made = rows.subquery("made")
    needed = (column for column in made.c if column.name in keys or column.name not in LISTED)
    return select(*needed).offset(literal_column("0")).subquery("found")


def _rows(
    dialect: str,
    aggregate: Aggregate,
    since: ColumnElement[int],
    until: ColumnElement[int],
    moments: ColumnElement[str],
    entries: ColumnElement[str] | None = None,
) -> SelectBase:
    arms = aggregate.arms(since, until, lambda: as_told_table(dialect, "moment", MOMENT, moments))
    if entries is not None:
        arms = tuple(arm.where(_of_none_or(entries, entry_of(arm))) for arm in arms)
    return union_all(*arms) if len(arms) > 1 else arms[0]


def whole_of(spans: Iterable[Span]) -> Span:
    """From where the first begins to where the last ends."""
    each = [*spans]
    return Span(min(span.start for span in each), max(span.end for span in each))


def _of_none_or(entries: ColumnElement[str], entry: Any) -> ColumnElement[bool]:
    if not getattr(entry, "nullable", True):
        return among_told(entry, entries)
    return or_(entry.is_(None), among_told(entry, entries))


def _moments(measure: Aggregate, spans: Sequence[Span]) -> Iterator[tuple[int, int, int]]:
    """The last millisecond of each moment, with its ends."""
    return ((until - 1, since, until) for since, until in sorted({measure.moment(span) for span in spans}))


def standing(found: FromClause) -> tuple[Any, Any, Any, FromClause]:
    """Entry, team and tier of each candidate as they were at its anchor. A row that names its own team keeps it."""
    interval = CatalogInterval
    as_it_was = and_(
        col(interval.entry_id) == found.c.entry_id,
        col(interval.valid_from) <= found.c.anchor,
        found.c.anchor < col(interval.valid_to),
    )
    team: Any = col(interval.team)
    if "team" in found.c:
        team = func.coalesce(found.c.team, team)
    return found.c.entry_id, team, col(interval.tier), found.outerjoin(interval, as_it_was)


def stretch(bounds: Sequence[int]) -> Any:
    """The beginning of the elementary stretch an anchor falls in: a binary search in SQL, the same on both databases.

    Joining a calendar instead makes the planner choose between scanning it per row and rows per stretch. The text names
    its bounds, and there are a power of two of them (the last stands there as often as that takes), so that few texts
    are compiled.
    """
    size = _size(bounds)
    return type_coerce(_searching(size).bindparams(**_bounds(bounds, size)), BigInteger)


def _size(bounds: Sequence[int]) -> int:
    return 1 << (len(bounds) - 1).bit_length()


def _bounds(bounds: Sequence[int], size: int) -> dict[str, int]:
    """The bounds under their names, the last of them as often as that takes."""
    return dict(zip(_names(size), (*bounds, *repeat(bounds[-1], size - len(bounds))), strict=True))


@cache
def _searching(size: int) -> TextClause:
    return text(_search(_names(size)))


def _names(size: int) -> list[str]:
    return [f"bound{place}" for place in range(size)]


def _search(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f":{names[0]}"
    middle = len(names) // 2
    lower, upper = _search(names[:middle]), _search(names[middle:])
    return f"CASE WHEN found.anchor < :{names[middle]} THEN {lower} ELSE {upper} END"
