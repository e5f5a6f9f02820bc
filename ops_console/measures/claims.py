"""What models are said to have changed in the business: told one by one, never added up and never averaged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import (
    AT,
    ENTRY,
    EXCLUDED,
    REST,
    Cell,
    Figure,
    Reduced,
    Setting,
    Span,
    by_scope,
    within,
)
from ops_console.measures.scopes import Scope

PERCENT = {"%": 1, "percent": 1, "pct": 1, "pp": 1, "share": 100, "ratio": 100, "rate": 100}
"""Units whose change is told in percentage points, with what makes a percentage of them."""

NAMED = 3
"""So many rivals of a claim are named, and the others counted: of a hundred models, each would list a hundred."""


class Claim(NamedTuple):
    """One outcome, as the select of the measure yields it."""

    metric: str
    unit: str | None
    currency: str | None
    baseline: Decimal | None
    observed: Decimal | None
    ci_low: Decimal | None
    ci_high: Decimal | None
    method: str
    began: date
    ended: date
    attribution_share: Decimal | None
    evidence: str | None
    approved_by: str | None


class Stake(NamedTuple):
    """Who claims how much of a change, and from which day to which (as ordinals)."""

    entry: int
    began: int
    ended: int
    share: Decimal


NUMBER = REST + len(Claim._fields)
"""Behind the claim: which one of them it is."""


@dataclass(frozen=True, slots=True)
class Claims(Aggregate):
    """Rows with the columns of `Claim`."""

    by_row: ClassVar[bool] = True

    @property
    def counts_rows(self) -> bool:
        return True

    @property
    def keys(self) -> tuple[str, ...]:
        return Claim._fields

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        numbered = [(*cell, number) for number, cell in enumerate(sorted(cells, key=itemgetter(AT)))]
        claims = [Claim(*cell[REST:NUMBER]) for cell in numbered]
        metrics: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell, claim in zip(numbered, claims, strict=True):
            if cell[EXCLUDED] is None:
                metrics[claim.metric.casefold()].append(cell)
        stakes = [
            Stake(cell[ENTRY], claim.began.toordinal(), claim.ended.toordinal(), _share(claim))
            for cell, claim in zip(numbered, claims, strict=True)
        ]
        return _Claimed(by_scope(numbered, setting.slugs), metrics, claims, stakes, setting.slugs)


@dataclass(frozen=True, slots=True)
class _Claimed(Reduced):
    found: Mapping[Scope, Sequence[Cell]]
    metrics: Mapping[str, Sequence[Cell]]
    claims: Sequence[Claim]
    stakes: Sequence[Stake]
    slugs: Mapping[int, str]
    told: dict[tuple[int, Span], dict[str, Any]] = field(default_factory=dict)
    at_once: dict[tuple[str, Span, int, int], Mapping[int, Decimal]] = field(default_factory=dict)

    def scopes(self) -> Iterable[Scope]:
        return self.found

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        cells = within(self.found[scope], span)
        if not cells:
            return None
        kept = [cell for cell in cells if cell[EXCLUDED] is None]
        claims = [self._told(cell, span) for cell in kept]
        reasons = sorted(cell[EXCLUDED] for cell in cells if cell[EXCLUDED] is not None)
        return Figure(
            n=Decimal(len(kept)),
            detail={"claims": sorted(claims, key=lambda claim: (claim["model"], claim["metric"], claim["until"]))},
            excluded={reason: reasons.count(reason) for reason in dict.fromkeys(reasons)},
        )

    def _told(self, cell: Cell, span: Span) -> dict[str, Any]:
        """Once for all scopes that the model belongs to."""
        key = cell[NUMBER], span
        if key not in self.told:
            model = {"model": self.slugs.get(cell[ENTRY], "")}
            self.told[key] = {**model, **told(self.claims[cell[NUMBER]]), **self._rivals(cell, span)}
        return self.told[key]

    def _rivals(self, cell: Cell, span: Span) -> dict[str, Any]:
        """Other models that claim the same metric at the same time, where together they claim more than all of it."""
        mine = self.stakes[cell[NUMBER]]
        stakes = self._at_once(self.claims[cell[NUMBER]].metric.casefold(), span, mine.began, mine.ended)
        others = sum(stakes.values()) - stakes.get(mine.entry, 0)
        rivals = [entry for entry in stakes if entry != mine.entry] if mine.share + others > 1 else []
        return {"also_claimed_by": [self.slugs.get(entry, "") for entry in rivals[:NAMED]], "rivals": len(rivals)}

    def _at_once(self, metric: str, span: Span, began: int, ended: int) -> Mapping[int, Decimal]:
        """How much of the metric each model claims on any of these days, in the order of their names."""
        key = metric, span, began, ended
        if key not in self.at_once:
            shares: dict[int, Decimal] = {}
            for cell in within(self.metrics[metric], span):
                stake = self.stakes[cell[NUMBER]]
                if stake.began <= ended and began <= stake.ended and stake.share > shares.get(stake.entry, 0):
                    shares[stake.entry] = stake.share
            names = sorted(shares, key=lambda entry: self.slugs.get(entry, ""))
            self.at_once[key] = {entry: shares[entry] for entry in names}
        return self.at_once[key]


def _share(claim: Claim) -> Decimal:
    """How much of the change the model claims; all of it unless it says less."""
    return Decimal(1) if claim.attribution_share is None else claim.attribution_share


def told(claim: Claim) -> dict[str, Any]:
    """The claim as JSON can carry it, with its change: in points where the unit is a percentage, else relative."""
    low, high = _interval(claim)
    return {
        "metric": claim.metric,
        "unit": claim.unit,
        "currency": claim.currency,
        "baseline": _plain(claim.baseline),
        "observed": _plain(claim.observed),
        "change": _change(claim, claim.observed),
        "change_low": _change(claim, low),
        "change_high": _change(claim, high),
        "in_points": percentage(claim.unit) is not None,
        "method": claim.method,
        "from": claim.began.isoformat(),
        "until": claim.ended.isoformat(),
        "days": (claim.ended - claim.began).days + 1,
        "attribution_share": _plain(claim.attribution_share),
        "evidence": claim.evidence,
        "approved_by": claim.approved_by,
    }


def percentage(unit: str | None) -> int | None:
    """What makes a percentage of an amount in this unit, where it is one."""
    return PERCENT.get((unit or "").strip().casefold())


def _change(claim: Claim, reached: Decimal | None) -> float | None:
    """From the baseline, as a share of it, or in percentage points; nothing is relative to zero."""
    if claim.baseline is None or reached is None:
        return None
    scale = percentage(claim.unit)
    if scale is not None:
        return float((reached - claim.baseline) * scale)
    return float((reached - claim.baseline) / abs(claim.baseline)) if claim.baseline else None


def _interval(claim: Claim) -> tuple[Decimal | None, Decimal | None]:
    """The interval of the observed value; one that does not hold it is about something else."""
    low, high, observed = claim.ci_low, claim.ci_high, claim.observed
    if low is None or high is None or observed is None or not low <= observed <= high:
        return None, None
    return low, high


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
