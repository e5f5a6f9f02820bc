"""The one place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current instant in UTC, cut to milliseconds as everything stored is."""
    return to_milliseconds(datetime.now(UTC))


def to_milliseconds(instant: datetime) -> datetime:
    """The same instant without the part that storage would drop."""
    beyond = instant.microsecond % 1000
    return instant.replace(microsecond=instant.microsecond - beyond) if beyond else instant
