"""Records of the team and of the people it serves, written as ingest would leave them."""

from datetime import datetime
from typing import Any

from ops_console.records.requests import Request
from tests.kpis.records import Books


def request(written: Books, submitted: datetime, usable: datetime | None = None, **changes: Any) -> Request:
    defaults = {
        **written.envelope(),
        "title": "A feature for the ranker",
        "class_": "standard",
        "submitted_at": submitted,
        "first_usable_at": usable,
    }
    return written.keep(Request(**(defaults | changes)))
