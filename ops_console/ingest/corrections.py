"""A person's word on one field of one fact: it wins over the source, survives the next sync, and can be withdrawn."""

from datetime import UTC
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, insert, select
from sqlmodel import Session

from ops_console.contracts import kind_words
from ops_console.contracts.fact import Fact
from ops_console.core.clock import milliseconds, now
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.conclude import conclude
from ops_console.ingest.recorded import KEPT, moment
from ops_console.ingest.shapes import Columns, Shape, fact_class, shapes
from ops_console.ingest.store import rekeep
from ops_console.ingest.tables import corrections, entries, slos

FIXED = {"source", "external_id", "updated_at"}
SUBJECTS = ("service", "model")
"""Fields that name what a fact is about; most kinds have one of them, some both, some none."""


def correct(
    session: Session, kind: str, source: str, external_id: str, field: str, value: Any, by: str, reason: str
) -> None:
    """Set a field of a fact, whatever its source says now or later; `None` makes it unknown."""
    if kind not in KEPT or field in FIXED or field not in shapes(kind):
        raise BadInput(f"{field!r} of {kind} cannot be corrected.", remedy="Correct it at its source.")
    row = _row(session, kind, source, external_id)
    fact = _fact(session, kind, row, field)
    said = fact.model_dump(mode="json")
    try:
        corrected = type(fact).model_validate(said | {field: value})
    except ValidationError as error:
        told = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInput(f"{field} cannot become {str(value)[:80]!r}: {told}.") from None
    if wrong := corrected.possible(now()).first(corrected.__dict__):
        raise BadInput(f"{field} cannot become {str(value)[:80]!r}: {wrong.what}.")
    kept = _correction(session, kind, source, external_id, field)
    if kept is not None:
        session.execute(delete(corrections).where(corrections.c.id == kept["id"]))
    entered = {
        "kind": kind,
        "source": source,
        "external_id": external_id,
        "field": field,
        "value": corrected.model_dump(mode="json")[field],
        "original": kept["original"] if kept is not None else said[field],
        "made_by": by,
        "made_at": milliseconds(now()),
        "reason": reason,
    }
    session.execute(insert(corrections), [entered])
    _settle(session, kind, corrected, row)


def withdraw(session: Session, kind: str, source: str, external_id: str, field: str) -> None:
    """Let the source have its say again: the field returns to what it last said."""
    kept = _correction(session, kind, source, external_id, field)
    if kept is None:
        raise NotFound(f"{field} of {external_id} is not corrected.")
    row = _row(session, kind, source, external_id)
    fact = _fact(session, kind, row, field)
    session.execute(delete(corrections).where(corrections.c.id == kept["id"]))
    restored = type(fact).model_validate(fact.model_dump(mode="json") | {field: kept["original"]})
    _settle(session, kind, restored, row)


def _correction(session: Session, kind: str, source: str, external_id: str, field: str) -> Columns | None:
    columns = corrections.c
    found = select(corrections).where(
        columns.kind == kind, columns.source == source, columns.external_id == external_id, columns.field == field
    )
    row = session.execute(found).mappings().first()
    return dict(row) if row is not None else None


def _row(session: Session, kind: str, source: str, external_id: str) -> Columns:
    table = KEPT[kind].table
    found = select(table).where(table.c.source == source, table.c.external_id == external_id)
    row = session.execute(found).mappings().first()
    if row is None:
        raise NotFound(f"There is no {external_id} from {source} among the {kind_words.many(kind)}.")
    return dict(row)


def _settle(session: Session, kind: str, fact: Fact, row: Columns) -> None:
    touched = rekeep(session, kind, fact, row)
    conclude(session, touched)


def _fact(session: Session, kind: str, row: Columns, field: str) -> Fact:
    """The fact a row was made from, as far as it can be told from it, with the field at hand among what was said."""
    values: dict[str, Any] = {}
    for name, shape in shapes(kind).items():
        if name in row:
            value = row[name]
            values[name] = moment(value).astimezone(UTC) if shape is Shape.INSTANT and value is not None else value
    values |= _counted_back(session, kind, row, field)
    return fact_class(kind).model_validate({**values, "deleted": row["deleted_at"] is not None})


def _counted_back(session: Session, kind: str, row: Columns, field: str) -> dict[str, Any]:
    """The fields that are kept in another form than they came in."""
    found: dict[str, Any] = {}
    named = [name for name in SUBJECTS if name in shapes(kind)]
    if row.get("entry_id") is not None and named:
        slug = session.execute(select(entries.c.slug).where(entries.c.id == row["entry_id"])).scalar_one()
        found[field if field in named else named[0]] = slug
    if kind == "incidents" and row["restored_at"] == row["resolved_at"]:
        # It was taken from resolved_at, and must follow when that is corrected.
        found["restored_at"] = None
    if kind == "sli_slices":
        slo = session.execute(select(slos.c.external_id).where(slos.c.id == row["slo_id"])).scalar_one()
        found |= {"slo": slo, "good": f"{row['good_micro']}e-6", "total": f"{row['total_micro']}e-6"}
    return found
