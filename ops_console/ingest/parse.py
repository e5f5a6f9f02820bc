"""From the values of a row to a fact, or to the sentence that says why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ops_console.contracts.fact import Fact
from ops_console.contracts.possible import Impossible
from ops_console.contracts.readers import TRUE
from ops_console.core.clock import now
from ops_console.ingest.shapes import fact_class
from ops_console.ingest.unfit import Unfit, unfit


class Parser:
    """Makes facts of one kind. `source` stands in for rows that name none; `zone` reads times without an offset.
    Times are compared with the clock `at` a moment, else with what it shows now. `odd` is what is to be told of facts
    that were made none the less; whoever tells it empties it.
    """

    def __init__(self, kind: str, source: str, zone: ZoneInfo | None, at: datetime | None = None) -> None:
        self._class = fact_class(kind)
        self._validate = self._class.__pydantic_validator__.validate_python
        self._source = source
        self._context = {"zone": zone}
        at = at or now()
        self._possible, self._always = self._class.possible(at), Fact.possible(at)
        self.odd: list[Impossible] = []
        self._may_be_odd = any(each.is_kept for each in self._class.stretches)

    def __call__(self, values: dict[str, Any]) -> Fact:
        values.setdefault("source", self._source)
        try:
            fact: Fact = self._validate(values, context=self._context)
        except ValidationError as error:
            tombstone = self._tombstone(values)
            if tombstone is None:
                raise unfit(error) from None
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
