"""The records as Core tables, for set-based work. Instants are plain milliseconds here: thousands of rows are
compared and sorted, and whole numbers do that ten times faster than datetimes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from ops_console.core.columns import Instant
from ops_console.records.schema import metadata

T = TypeVar("T")
Shape = Mapping[str, TypeEngine[Any]]
"""Column names and their types."""
PARAMETERS = 10_000
"""How many values one IN list carries; both databases allow more."""


def _plain(name: str) -> Table:
    columns = (
        Column(c.name, BigInteger() if isinstance(c.type, Instant) else c.type, primary_key=c.primary_key)
        for c in metadata.tables[name].columns
    )
    return Table(name, MetaData(), *columns)


aliases = _plain("alias")
budgets = _plain("budget")
changes = _plain("change")
corrections = _plain("correction")
costs = _plain("cost")
criteria = _plain("criterion")
deployments = _plain("deployment")
entries = _plain("catalog_entry")
imports = _plain("import")
incidents = _plain("incident")
intervals = _plain("catalog_interval")
links = _plain("incident_link")
outdated = _plain("outdated")
proofs = _plain("proof")
releases = _plain("release")
slices = _plain("sli_slice")
sources = _plain("source")
slos = _plain("slo")
statements = _plain("catalog_statement")
versions = _plain("model_version")
people = _plain("person")
answers = _plain("survey_response")
objectives = _plain("slo_version")
partitions = _plain("cost_partition")
alerts = _plain("alert")
shifts = _plain("shift")
runs = _plain("pipeline_run")
checks = _plain("quality_check")
gates = _plain("gate")
steps = _plain("step")
evaluations = _plain("evaluation")
reproductions = _plain("reproduction")
degradations = _plain("degradation")
experiments = _plain("experiment")
outcomes = _plain("outcome")
documents = _plain("document")
reviews = _plain("document_review")
findings = _plain("finding")
waivers = _plain("waiver")
requests = _plain("request")
initiatives = _plain("initiative")
toil = _plain("toil")
capacity = _plain("capacity")
positions = _plain("position")
skills = _plain("skill")
usage = _plain("usage")


def chunks(values: Iterable[T], size: int = PARAMETERS) -> Iterator[list[T]]:
    """The values in lists that fit into one statement."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def rewrite_plain(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """As `rewrite`, in one statement, for columns of numbers, text and truth values."""
    if rows:
        names = list(rows[0])
        shape = {name: table.c[name].type for name in names}
        told = as_table(session, "told", shape, map(itemgetter(*names), rows))
        values = {name: told.c[name] for name in names if name != "id"}
        session.connection().execute(update(table).where(table.c.id == told.c.id).values(values))


class listed(GenericFunction[Any]):  # noqa: N801  (a SQL function, named as SQL names them)
    """The elements of a JSON array as rows."""

    inherit_cache = True


@compiles(listed, "sqlite")
def _each(element: listed, compiler: Any, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(listed, "postgresql")
def _elements(element: listed, compiler: Any, **kw: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **kw)} AS JSONB))"


def among(column_: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column is one of many values, passed as one JSON value: thousands of parameters cost more to write
    into a statement than the statement costs to run.
    """
    return among_told(column_, literal(as_json(values), Text))


def among_told(column_: ColumnElement[Any], told: ColumnElement[str]) -> ColumnElement[bool]:
    """The same of values that a statement is told when it runs."""
    each = listed(told).table_valued(column("value", Text))
    value = cast(each.c.value, BigInteger) if isinstance(column_.type, Integer) else each.c.value
    return column_.in_(select(value))


def new_numbers(session: Session, table: Table, count: int) -> Sequence[int]:
    """Numbers for rows about to be inserted, so that many can be inserted at once and their numbers be known."""
    if session.get_bind().dialect.name == "postgresql":
        following = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
        return session.execute(select(following).select_from(func.generate_series(1, count))).scalars().all()
    # A SQLite writer is alone in the database, and an INTEGER key continues from the largest there is.
    largest = session.execute(select(func.max(table.c.id))).scalar() or 0
    return range(largest + 1, largest + 1 + count)


def insert_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose unique key is not there yet."""
    if rows:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def rewrite(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the named columns of each row, found by its `id`; every row names the same columns."""
    if rows:
        names = [name for name in rows[0] if name != "id"]
        statement = update(table).where(table.c.id == bindparam("_id")).values({n: bindparam(n) for n in names})
        session.connection().execute(statement, [{"_id": row["id"], **{n: row[n] for n in names}} for row in rows])


def as_json(values: Iterable[Any]) -> str:
    """Values, or rows of them, as a statement is told of them."""
    return json.dumps([*values])


def told(name: str) -> ColumnElement[str]:
    """What a statement is told under a name when it runs: it is built once, which costs more than to run it."""
    return bindparam(name, type_=Text)


def as_table(session: Session, name: str, shape: Shape, rows: Iterable[Sequence[Any]]) -> CTE:
    """Rows as a table to join, passed as one JSON value: a VALUES list would be compiled anew with every call."""
    return as_told_table(session.get_bind().dialect.name, name, shape, literal(as_json(rows), Text))


def as_told_table(dialect: str, name: str, shape: Shape, told: ColumnElement[str]) -> CTE:
    """The same of rows that a statement is told when it runs."""
    if dialect == "postgresql":
        each = func.jsonb_array_elements(cast(told, JSONB)).table_valued(column("value", JSONB))
        columns = [cast(each.c.value[place].astext, kind).label(key) for place, (key, kind) in enumerate(shape.items())]
    else:
        each = func.json_each(told).table_valued(column("value", Text))
        columns = [
            func.json_extract(each.c.value, f"$[{place}]", type_=kind).label(key)
            for place, (key, kind) in enumerate(shape.items())
        ]
    return select(*columns).cte(name).prefix_with("MATERIALIZED")
