"""What the operations about reviews and actions share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import Field
from sqlalchemy import exists, select
from sqlmodel import Session, col
from typing_extensions import TypedDict

from ops_console.core.clock import iso
from ops_console.core.errors import NotFound
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.web.api._asked import Paged, text
from ops_console.web.operation import LARGEST_NUMBER, Word

Row = TypeVar("Row")
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class OfIncidents(Paged):
    """Which model, and which incident."""

    model: Word | None = text("model", "The slug of a model or service, as its page has it.", "ranker-v4")
    incident: int | None = Field(
        None, ge=1, le=LARGEST_NUMBER, description="The number of an incident, as its page has it."
    )


class About(TypedDict):
    """The incident that something is about. `id` is the console's number, `external_id` that of its source."""

    id: int
    external_id: str
    title: str
    severity: str | None
    restored_at: str | None


def about(incident: Incident | None) -> About | None:
    if incident is None or incident.id is None:
        return None
    return {
        "id": incident.id,
        "external_id": incident.external_id,
        "title": incident.title,
        "severity": incident.severity,
        "restored_at": moment(incident.restored_at),
    }


def moment(value: datetime | None) -> str | None:
    return None if value is None else iso(value)


def day(value: date) -> str:
    return value.isoformat()


def require_known(session: Session, asked: OfIncidents) -> None:
    """A misspelt model is an error, and no empty list."""
    if asked.model is not None and not session.scalar(select(exists().where(col(CatalogEntry.slug) == asked.model))):
        raise NotFound(f"There is no model {asked.model!r}.", remedy="Its spelling is that of /models.")


def page(found: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The rows of a page, and whether there are more: one more was read than a page has."""
    return found[:limit], len(found) > limit
