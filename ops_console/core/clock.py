"""The one place that asks what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, overload

from pydantic import Field

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant as JSON carries it."""


def now() -> datetime:
    """The current instant in UTC, cut to milliseconds as everything stored is."""
    return to_milliseconds(datetime.now(UTC))


@overload
def iso(instant: datetime) -> str: ...
@overload
def iso(instant: None) -> None: ...
def iso(instant: datetime | None) -> str | None:
    """An instant as JSON carries it: ISO 8601 in UTC with a `Z`; unknown stays unknown."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None


def milliseconds(instant: datetime) -> int:
    """Milliseconds since the epoch; naive times are refused."""
    if instant.tzinfo is None:
        raise ValueError(f"naive time {instant.isoformat()}: every stored instant has an offset")
    return (instant - EPOCH) // MILLISECOND


def to_milliseconds(instant: datetime) -> datetime:
    """The same instant without the part that storage would drop."""
    beyond = instant.microsecond % 1000
    return instant.replace(microsecond=instant.microsecond - beyond) if beyond else instant
