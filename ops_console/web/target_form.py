"""A target as a form writes it: numbers in the unit people speak of, turned into the KPI's own and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ops_console.core.periods import midnight
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.web.view import workspace

HOUR, DAY = 3600, 86400


@dataclass(frozen=True, slots=True)
class Spoken:
    """The unit a form speaks and how much of the KPI's own unit one of it is."""

    word: str
    size: Decimal


def spoken(definition: Definition) -> Spoken:
    """Days for lead times, hours for restorations, per cent for shares."""
    if definition.unit in (Unit.SHARE, Unit.MONEY):
        return Spoken("% of budget" if definition.unit is Unit.MONEY else "%", Decimal("0.01"))
    if definition.unit is Unit.SECONDS:
        longest = max((max(each.low or 0, each.high or 0) for each in definition.targets.values()), default=0)
        return Spoken("days", Decimal(DAY)) if longest >= DAY else Spoken("hours", Decimal(HOUR))
    if definition.unit is Unit.SCORE:
        return Spoken("of 10", Decimal(1))
    return Spoken(f"a {definition.per}" if definition.per else "", Decimal(1))


def ends(definition: Definition) -> tuple[str, ...]:
    """Which of the two numbers make sense: a lower-is-better KPI has no lower bound."""
    return {Better.LOWER: ("high",), Better.HIGHER: ("low",)}.get(definition.better, ("low", "high"))


def in_words(definition: Definition, value: float | None) -> str:
    """A bound as the form shows it again."""
    if value is None:
        return ""
    return format((Decimal(f"{value:.12g}") / spoken(definition).size).normalize(), "f")


def read_bounds(definition: Definition, form: Mapping[str, str]) -> tuple[Bounds, list[tuple[str, str]]]:
    """The bounds of a form, and what is wrong with them."""
    found: dict[str, float | None] = {"low": None, "high": None}
    errors = []
    for end in ends(definition):
        text = form.get(end, "").strip().removesuffix("%").strip()
        try:
            found[end] = float(_positive(text) * spoken(definition).size) if text else None
        except InvalidOperation:
            errors.append((end, f"{text[:40]!r} is no number; write 14 or 99.9."))
    if not errors and found["low"] is None and found["high"] is None:
        errors.append((ends(definition)[0], "Give the number to meet."))
    if not errors and found["low"] is not None and found["high"] is not None and found["low"] > found["high"]:
        errors.append(("low", "The lower number lies above the upper one; swap them."))
    if definition.unit is Unit.SHARE and not errors and max(found["low"] or 0, found["high"] or 0) > 1:
        errors.append((ends(definition)[0], "A share cannot be more than 100%."))
    return Bounds(found["low"], found["high"]), errors


def _positive(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or number < 0:
        raise InvalidOperation
    return number


def read_day(text: str) -> datetime | None:
    """The instant a target begins: midnight of the day in the workspace's zone; `None` where it is no day."""
    try:
        return midnight(date.fromisoformat(text), workspace().zone)
    except (ValueError, OverflowError):
        return None
