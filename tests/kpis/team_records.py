"""Records of the team and of the people it serves, written as ingest would leave them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.core.periods import midnight
from ops_console.records.alerts import Alert, Shift
from ops_console.records.people import Person
from ops_console.records.requests import Request
from ops_console.records.toil import Capacity, Toil
from tests.kpis.records import Books

UTC = ZoneInfo("UTC")


def request(written: Books, submitted: datetime, usable: datetime | None = None, **changes: Any) -> Request:
    defaults = {
        "title": "A feature for the ranker",
        "class_": "standard",
        "submitted_at": submitted,
        "first_usable_at": usable,
    }
    return written.put(Request, **(defaults | changes))


def person(written: Books, name: str, **changes: Any) -> Person:
    return written.put(Person, **({"name": name} | changes))


def toil(written: Books, who: str, day: date, minutes: int, **changes: Any) -> Toil:
    defaults = {
        "person": who,
        "day": day,
        "minutes": minutes,
        "category": "data fixes",
        "anchored_at": midnight(day, UTC),
    }
    return written.put(Toil, **(defaults | changes))


def capacity(written: Books, who: str, first: date, last: date, hours: int, **changes: Any) -> Capacity:
    """Hours of the days from `first` to `last`, both included."""
    zone = changes.pop("zone", UTC)
    defaults = {
        "person": who,
        "starts_on": first,
        "ends_on": last,
        "hours": Decimal(hours),
        "starts_at": midnight(first, zone),
        "ends_at": midnight(last + timedelta(days=1), zone),
    }
    return written.put(Capacity, **(defaults | changes))


def shift(written: Books, who: str, start: datetime, hours: float = 12, **changes: Any) -> Shift:
    defaults = {
        "schedule": "primary",
        "person": who,
        "started_at": start,
        "ended_at": start + timedelta(hours=hours),
    }
    return written.put(Shift, **(defaults | changes))


def pages(written: Books, who: str | None, first: datetime, number: int = 1, **changes: Any) -> None:
    """So many pages, ten minutes apart."""
    for place in range(number):
        defaults = {
            "name": "feature-freshness",
            "class_": "page",
            "person": who,
            "started_at": first + timedelta(minutes=10 * place),
        }
        written.put(Alert, **(defaults | changes))
