"""FOCUS charges, aggregated to days while the file streams by, and swapped in whole at its end."""

import re
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from ops_console.contracts.fact import Instant
from ops_console.contracts.facts import CostFact
from ops_console.contracts.readers import read_decimal
from ops_console.contracts.rows import Refused, Row
from ops_console.core.clock import now
from ops_console.ingest.cells import Unmappable
from ops_console.ingest.cost_ledger import Charge, swap_partitions
from ops_console.ingest.cost_quality import Provider, Quality
from ops_console.ingest.focus import MODEL_TAGS, TEAM_TAGS, is_naive, tagged, understood
from ops_console.ingest.ledger import MOST_REFUSALS
from ops_console.ingest.parse import Parser
from ops_console.ingest.reader import as_text
from ops_console.ingest.rules import Rules
from ops_console.ingest.summary import Summary
from ops_console.ingest.sums import EXACT, Key, Sums
from ops_console.ingest.unfit import Unfit

AMOUNTS = ("billed_cost", "effective_cost", "list_cost")
PERIOD = ("charge_period_start", "charge_period_end")
BILLING_PERIOD = ("billing_period_start", "billing_period_end")
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
UTC_ZONE = ZoneInfo("UTC")
_PLAIN = re.compile(r"-?\d{1,20}(?:\.\d{1,30})?", re.ASCII).fullmatch
"""An amount as nearly all are written: no question of grouping or of too many digits arises."""
MEMORY = 20_000
"""Distinct descriptions of charges that are remembered, for most rows differ in their amounts alone."""


class _Place(NamedTuple):
    """Where rows of one description are summed (but for their day), and what is to be counted of each."""

    rest: Key
    provider: Provider
    currency: str
    flags: tuple[str, ...]
    frequency: str | None
    begins: datetime
    ends: datetime


class _Moment(NamedTuple):
    """A time as it was written, read once."""

    instant: datetime
    day: str
    is_naive: bool


class CostIntake(AbstractContextManager["CostIntake"]):
    """Takes rows one by one; `settle` replaces the partitions they make up."""

    def __init__(self, source: str, part: str) -> None:
        self._source, self._part = source, part
        self._parse = Parser("costs", source, UTC_ZONE)
        self._sums = Sums()
        self._quality = Quality()
        self._places: dict[Any, _Place | Unfit] = {}
        self._moments: dict[Any, _Moment] = {}
        self._periods: dict[tuple[Any, Any], _Moment] = {}
        self._possible = CostFact.possible(now())
        self._filtered = 0
        self._refused = 0
        self.refusals: list[Refused] = []
        self._fresh: list[Refused] = []

    def take(self, row: Row | Refused, rules: Rules) -> None:
        if isinstance(row, Refused):
            self._refuse(row)
            return
        if rules.is_json:
            rules.notice(row.cells)
        self._quality.counts["nulls"] += "NULL" in row.cells
        facts = 0
        try:
            for values in rules(row.cells):
                facts += 1
                if rules.is_json:
                    _check_flat(values)
                self._add(values)
        except Unmappable as error:
            self._refuse(Refused(row.line, error.column, error.reason, as_text(row.cells)))
        except Unfit as error:
            column = rules.column_of.get(error.field or "", error.field)
            self._refuse(Refused(row.line, column, rules.explained(error, row.cells), as_text(row.cells)))
        else:
            self._filtered += not facts

    def _add(self, values: dict[str, Any]) -> None:
        cells = [values.pop(name, None) for name in AMOUNTS]
        values.pop("contracted_cost", None)  # nobody asks for it, and it tells one row from the next
        began, ended = (values.pop(name, None) for name in PERIOD)
        if isinstance(values.get("tags"), dict):
            values["tags"] = as_text(values["tags"])
        described = (*values, *values.values())
        place = self._places.get(described)
        if place is None:
            if len(self._places) >= MEMORY:
                self._places.clear()
            place = self._places[described] = self._place(values)
        amounts = _amounts(cells)
        try:
            if isinstance(place, Unfit):
                raise Unfit(
                    place.field, place.reason, place.missing
                )  # one raised again and again would hold on to every row
            start = self._period(began, ended)
        except Unfit:
            currency = str(values.get("billing_currency", "of unknown currency"))
            refused = self._quality.refused_billed
            refused[currency] = EXACT.add(refused[currency], amounts[0])
            raise
        self._sums.add((start.day, *place.rest), amounts)
        self._note(place, start, amounts[0], amounts[1])

    def _note(self, place: _Place, start: _Moment, billed: Decimal, effective: Decimal | None) -> None:
        quality, counts = self._quality, self._quality.counts
        place.provider.note(billed, effective)
        quality.billed[place.currency] = EXACT.add(quality.billed[place.currency], billed)
        if place.frequency:
            quality.frequencies[place.frequency] += 1
        if start.is_naive:
            counts["naive times"] += 1
        if not place.begins <= start.instant < place.ends:
            counts["late"] += 1
        for flag in place.flags:
            counts[flag] += 1
            if flag == "untagged":
                quality.untagged_billed[place.currency] = EXACT.add(quality.untagged_billed[place.currency], billed)

    def _period(self, began: Any, ended: Any) -> _Moment:
        """When a charge begins, as far as it can have ended."""
        found = self._periods.get((began, ended))
        if found is None:
            if len(self._periods) >= MEMORY:
                self._periods.clear()
            found, end = self._moment(PERIOD[0], began), self._moment(PERIOD[1], ended)
            said = dict.fromkeys(CostFact.model_fields) | {PERIOD[0]: found.instant, PERIOD[1]: end.instant}
            if wrong := self._possible.wrong(said):
                raise Unfit(wrong.field, wrong.reason)
            self._periods[began, ended] = found
        return found

    def _moment(self, field: str, cell: Any) -> _Moment:
        if cell is None:
            raise Unfit(field, f"{field} is missing; a charge needs its period")
        found = self._moments.get(cell)
        if found is None:
            if len(self._moments) >= MEMORY:
                self._moments.clear()
            try:
                instant = INSTANT.validate_python(cell, context={"zone": UTC_ZONE})
            except ValidationError as error:
                raise Unfit(field, f"{field}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
            found = self._moments[cell] = _Moment(instant, f"{instant:%Y-%m-%d}", is_naive(cell))
        return found

    def _place(self, values: dict[str, Any]) -> _Place | Unfit:
        billing = {ours: values.get(theirs) for ours, theirs in zip(PERIOD, BILLING_PERIOD, strict=True)}
        try:
            told, flags = understood(values)
            fact = cast(CostFact, self._parse(billing | told | {"billed_cost": Decimal(0)}))
        except Unfit as error:
            return Unfit(error.field, error.reason, error.missing)
        is_correction = (fact.charge_class or "").casefold() == "correction"
        if fact.charge_category.casefold() == "credit":
            flags.append("credits")
        if is_correction:
            flags.append("corrections")
        if not fact.tags:
            flags.append("untagged")
        provider = self._quality.providers[fact.provider]
        if fact.invoice_issuer:
            provider.issuers.add(fact.invoice_issuer)
        charge = Charge(
            day="",
            period=f"{fact.billing_period_start:%Y-%m}",
            currency=fact.billing_currency,
            model=fact.model or tagged(fact.tags, MODEL_TAGS),
            provider=fact.provider,
            service_name=fact.service_name,
            service_category=fact.service_category,
            sub_account=fact.sub_account,
            charge_category=fact.charge_category,
            correction="correction" if is_correction else None,
            purpose=fact.purpose.value if fact.purpose else None,
            team=tagged(fact.tags, TEAM_TAGS),
        )
        begins, ends = fact.billing_period_start, fact.billing_period_end
        return _Place(charge[1:], provider, fact.billing_currency, tuple(flags), fact.charge_frequency, begins, ends)

    def _refuse(self, refused: Refused) -> None:
        self._refused += 1
        self._fresh.append(refused)
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(refused)

    def fresh_refusals(self) -> list[Refused]:
        """Those refused since the last time this was asked."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def settle(self, session: Session, summary: Summary, *, is_rehearsal: bool = False, is_whole: bool = False) -> None:
        """Replace each billing period the rows belong to, all in the caller's transaction."""
        warnings = self._quality.warnings()
        summary.warnings += warnings
        summary.refused, summary.filtered = self._refused, self._filtered
        swap_partitions(
            session,
            self._source,
            self._part,
            self._sums,
            warnings,
            summary,
            is_rehearsal=is_rehearsal,
            is_whole=is_whole,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sums.__exit__(kind, error, trace)


def _check_flat(values: dict[str, Any]) -> None:
    """A row of JSON may nest where a file's cells cannot; of a charge, only the tags do."""
    for name, value in values.items():
        if isinstance(value, list) or (isinstance(value, dict) and name != "tags"):
            raise Unfit(name, f"{name} holds a list or an object; write a text or a number")


def _amounts(cells: list[Any]) -> tuple[Decimal, Decimal | None, Decimal | None]:
    found: list[Decimal | None] = []
    for name, cell in zip(AMOUNTS, cells, strict=True):
        try:
            if cell.__class__ is str and _PLAIN(cell):
                found.append(Decimal(cell))
            else:
                found.append(None if cell is None else read_decimal(cell))
        except ValueError as error:
            raise Unfit(name, f"{name}: {error}") from None
    if found[0] is None:
        raise Unfit("billed_cost", "billed_cost is missing; a charge needs an amount, even if it is 0")
    return found[0], found[1], found[2]
