"""What the facts of this source have in common.

Deliveries tell times in seconds and know less than the API. The API's word says that it is some seconds younger, so
that it stands against every delivery of the same change; of deliveries within one second the one that goes further
stands.
"""

from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

FULLER = timedelta(seconds=2)
STEPS = {"created": 0, "blocked": 1, "pending": 1, "running": 2}
FURTHEST = 3


def fact(kind: str, **values: Any) -> Told:
    """What is not known is not said."""
    return Told(kind, {name: value for name, value in values.items() if value is not None})


def gone(kind: str, name: str, at: datetime) -> Told:
    return Told(kind, {"external_id": name, "deleted": True, "updated_at": iso(at)})


def polled(at: datetime) -> str:
    return iso(at + FULLER)


def delivered(at: datetime, status: str) -> str:
    return iso(at + timedelta(milliseconds=STEPS.get(status, FURTHEST)))
