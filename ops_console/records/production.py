"""Which models there were in production at a moment: what shares of models are counted against."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select
from sqlmodel import col

from ops_console.contracts.vocabulary import Lifecycle, ModelKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval


def in_production(at: Any) -> ColumnElement[bool]:
    """The join of `CatalogInterval` to `CatalogEntry` that keeps the models in production at an instant, which may be
    a column of the statement at hand.

    A model belongs to it by its lifecycle as it was then. Services are not models; a name that nobody registered has no
    lifecycle. What was deleted later was there before.
    """
    entry, held = CatalogEntry, CatalogInterval
    return and_(
        col(held.entry_id) == col(entry.id),
        col(held.lifecycle) == Lifecycle.PRODUCTION.value,
        col(held.valid_from) <= at,
        col(held.valid_to) > at,
        col(entry.kind).is_distinct_from(ModelKind.SERVICE.value),
        or_(col(entry.deleted_at).is_(None), col(entry.deleted_at) > at),
    )


def models_in_production(moments: FromClause) -> Select[Any]:
    """One row per moment and model, under the names that every select of a measure uses, with the tier it had."""
    entry = CatalogEntry
    return (
        select(
            moments.c.at.label("anchor"),
            moments.c.since.label("since"),
            moments.c.until.label("until"),
            col(entry.id).label("entry_id"),
            col(entry.id).label("record_id"),
            col(entry.name).label("label"),
            col(CatalogInterval.tier).label("tier"),
        )
        .select_from(moments)
        .join(CatalogInterval, col(CatalogInterval.lifecycle) == Lifecycle.PRODUCTION.value)
        .join(entry, in_production(moments.c.at))
    )
