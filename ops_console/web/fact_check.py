"""Whether what a form says makes a fact, and if not, what is wrong at which field."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ops_console.contracts.fact import Fact
from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.ingest.manual import SOURCE, NotTaken
from ops_console.ingest.shapes import fact_class, shapes
from ops_console.web.fact_form import PREFIX, names, values
from ops_console.web.fact_words import hint, label

Errors = list[tuple[str, str]]
"""The id of a field, and the sentence that belongs to it."""
NOT_YET = "new"
"""Stands in for the id while there is none."""
_FIELD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def fact_of(kind: str, given: Mapping[str, str], zone: ZoneInfo) -> tuple[Fact | None, Errors]:
    """The fact that a form says, or in the order of its fields what keeps it from being one."""
    try:
        envelope = {"source": SOURCE, "external_id": NOT_YET}
        fact = fact_class(kind).model_validate({**values(kind, given, zone), **envelope}, context={"zone": zone})
    except ValidationError as error:
        found = [_told(kind, each) for each in error.errors(include_url=False)]
        order = [PREFIX + name for name in names(kind)]
        return None, sorted(found, key=lambda each: order.index(each[0]))
    if wrong := fact.possible(now()).first(fact.__dict__):
        return None, [(PREFIX + wrong.field, spoken(kind, wrong.what))]
    return fact, []


def _told(kind: str, error: ErrorDetails) -> tuple[str, str]:
    place = str(error["loc"][0]) if error["loc"] else meant(kind, error["msg"])
    return PREFIX + place, _sentence(kind, place, error)


def meant(kind: str, reason: str) -> str:
    """The field that a reason speaks of first, else the first of the form."""
    known = names(kind)
    return next((word for word in re.findall(r"\w+", reason) if word in known), known[0])


def refused(kind: str, error: BadInput) -> Errors:
    """What the door or what lies behind it says against a fact, at the field it speaks of."""
    field = error.field if isinstance(error, NotTaken) and error.field in names(kind) else None
    return [(PREFIX + (field or meant(kind, error.message)), spoken(kind, str(error)))]


def _sentence(kind: str, place: str, error: ErrorDetails) -> str:
    name, message = label(place), error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return spoken(kind, message)
    if error["type"] == "missing":
        return f"{name}: this is needed."
    if error["type"] == "enum":
        return f"{name}: choose one of the list."
    if error["type"] == "string_pattern_mismatch":
        return f"{name}: {hint(kind, place) or 'it has another form.'}"
    if error["type"] == "value_error":
        way_out = "say which of the two you mean" if "happened twice" in message else "choose another time"
        return f"{name}: {message.replace('add the offset', way_out)}."
    return f"{name}: {message.replace('Input should', 'it should').replace('String should', 'it should')}."


def spoken(kind: str, reason: str) -> str:
    """A reason with its fields called as the form calls them."""
    told = _FIELD.sub(lambda found: label(found[0]).lower() if found[0] in shapes(kind) else found[0], reason)
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."
