"""From the values of a row to a fact, or to the sentence that says why not."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ops_console.contracts.fact import Fact
from ops_console.contracts.readers import TRUE
from ops_console.contracts.times import Impossible
from ops_console.core.clock import now
from ops_console.ingest.shapes import fact_class

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


class Parser:
    """Makes facts of one kind. `source` stands in for rows that name none; `zone` reads times without an offset. `odd`
    is what is to be told of facts that were made none the less; whoever tells it empties it.
    """

    def __init__(self, kind: str, source: str, zone: ZoneInfo | None) -> None:
        self._class = fact_class(kind)
        self._validate = self._class.__pydantic_validator__.validate_python
        self._source = source
        self._context = {"zone": zone}
        self._possible, self._always = self._class.possible(at := now()), Fact.possible(at)
        self.odd: list[Impossible] = []
        self._may_be_odd = any(each.is_kept for each in self._class.stretches)

    def __call__(self, values: dict[str, Any]) -> Fact:
        values.setdefault("source", self._source)
        try:
            fact: Fact = self._validate(values, context=self._context)
        except ValidationError as error:
            tombstone = self._tombstone(values)
            if tombstone is None:
                raise _unfit(error) from None
            return tombstone
        said = fact.__dict__
        wrong = self._possible.wrong(said)
        if wrong is None:
            if self._may_be_odd and (odd := self._possible.odd(said)):
                self.odd.append(odd)
            return fact
        if (tombstone := self._tombstone(values)) is not None:
            return tombstone
        raise Unfit(wrong.field, wrong.reason)

    def _tombstone(self, values: Mapping[str, Any]) -> Fact | None:
        """A deletion needs no more than the thing's identity."""
        if str(values.get("deleted", "")).strip().lower() not in TRUE:
            return None
        told = {name: value for name, value in values.items() if name in Fact.model_fields}
        try:
            tombstone = Fact.model_validate(told, context=self._context)
        except ValidationError:
            return None
        return None if self._always.wrong(tombstone.__dict__) else tombstone


def _unfit(error: ValidationError) -> Unfit:
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
