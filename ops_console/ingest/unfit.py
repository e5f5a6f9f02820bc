"""The sentence that says why values are no fact."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

SUBJECTS = ("model", "service")
MISSING = "{} is missing; map a column onto it or give it a constant"


class Unfit(Exception):
    """Values that make no fact: which field, and why. `missing` are the fields that have no value and need one."""

    def __init__(self, field: str | None, reason: str, missing: Sequence[str] = ()) -> None:
        self.field, self.reason, self.missing = field, reason, missing

    def beside(self, words: Mapping[str, str]) -> str:
        """The reason beside words that were read as no value, by field: did one stand where a value is needed?"""
        found = {name: words[name] for name in self.missing or SUBJECTS if name in words}
        if not found:
            return self.reason
        told = " and ".join(f"{name} says {word!r}" for name, word in found.items())
        told += ", which is how programs write that they know no value"
        is_all = self.missing and self.reason == "; ".join(MISSING.format(name) for name in found)
        return f"{told}, and a value is needed" if is_all else f"{self.reason}; {told}"


def unfit(error: ValidationError) -> Unfit:
    wrong = error.errors(include_url=False)
    field = str(wrong[0]["loc"][0]) if wrong[0]["loc"] else None
    reasons = [_reason(each["type"], each["msg"], each["loc"], each["input"]) for each in wrong[:3]]
    more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    missing = [str(each["loc"][0]) for each in wrong if each["type"] == "missing"]
    return Unfit(field, "; ".join(reasons) + more, missing)


def _reason(kind: str, message: str, place: tuple[int | str, ...], given: Any) -> str:
    field = str(place[0]) if place else ""
    shown = repr(str(given)[:80])
    if kind == "missing":
        return MISSING.format(field)
    if kind == "enum":
        return f"{field} {shown} is not known; {_lower(message)}, or translate it in the mapping's values"
    if kind == "extra_forbidden":
        return f"there is no field {field!r}"
    if kind == "value_error":
        reason = message.removeprefix("Value error, ")
        return f"{field}: {reason}" if field else reason
    return f"{field} {shown}: {_lower(message)}"


@lru_cache(maxsize=256)
def _lower(message: str) -> str:
    return message.replace("Input should be", "it should be").replace("String should", "text should")
