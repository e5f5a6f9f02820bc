"""The figure itself: headline, value and note."""

from dataclasses import dataclass, replace
from decimal import Decimal

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.measures.readings import DataState, Reading
from ops_console.measures.words.amounts import amount
from ops_console.measures.words.states import as_of, coverage, stand_in

STILL_OPEN = "still open"
SHOWN_RECORDS = 5
"""So many single records stand in a card in place of a figure with too few of them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit` and `beside` never leave the headline; `further` may."""

    headline: str
    unit: str = ""
    beside: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


def headline(r: Reading) -> str:
    """The large figure of a card, or what stands in its place."""
    return _figure(r).headline


def value(r: Reading) -> str:
    """The figure with what must never be parted from it: `8.0%, 2 of 25`, `8.5 days`, `Too few (n=2)`."""
    return _spoken(_figure(r))


def bare(r: Reading) -> str:
    """The value without what the state of the data adds to it, and may take back while the figure stays."""
    return _spoken(_alone(r))


def note(r: Reading) -> str:
    """What stands in grey beside the headline: `2 of 25`, `median, n=9`, `106% of budget, estimated`."""
    figure = _figure(r)
    return _joined(figure.unit, *figure.beside, *figure.further)


def _spoken(figure: Figure) -> str:
    return _joined(f"{figure.headline} {figure.unit}".strip(), *figure.beside)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _figure(r: Reading) -> Figure:
    alone = _alone(r)
    return replace(alone, beside=(*alone.beside, _joining(r))) if _is_there(r) else alone


def _alone(r: Reading) -> Figure:
    if r.data_state is DataState.TOO_FEW:
        return Figure(stand_in(r), "", (r.detail.get("too_few") or _single_records(r),))
    if not _is_there(r):
        return Figure(stand_in(r), "", (as_of(r),) if r.data_state is DataState.STALE else ())
    if r.definition.unit is Unit.MONEY and r.k:
        return _spent(r, r.k)
    return _known(r, r.value or 0.0)


def _is_there(r: Reading) -> bool:
    """Whether there is a value to say; else something stands in its place."""
    if r.data_state in (DataState.TOO_FEW, DataState.NOT_CONNECTED, DataState.FIRST_SYNC):
        return False
    is_spent = r.definition.unit is Unit.MONEY and bool(r.k)
    return is_spent or (r.value is not None and r.data_state is not DataState.NO_CASES)


def _joining(r: Reading) -> str:
    """What a state adds to a value that is there."""
    if r.data_state is DataState.STALE:
        return as_of(r)
    if r.data_state is DataState.PARTIAL:
        return coverage(r)
    return "estimated" if r.data_state is DataState.ESTIMATED else ""


def _known(r: Reading, value: float) -> Figure:
    unit = r.definition.unit
    if r.definition.fraction and r.k is not None and r.n:
        return _met(r, r.k, r.n)
    if unit is Unit.SHARE and "hours_per_week" in r.detail:
        return Figure(
            units.bare_percent(value, places=1), "", (f"{units.number(r.detail['hours_per_week'])} h a week",)
        )
    if unit is Unit.SHARE:
        return _share(r, value)
    if unit is Unit.SECONDS:
        return _duration(r, value)
    if unit is Unit.SCORE:
        return Figure(units.score(value), f"of {units.number(_top(r))}", (_nps(r),), (_n(r),))
    if unit is Unit.MONEY:
        return Figure(units.money(0, r.currency), "", (_of_budget(value),))
    return _counted(r, value)


def _counted(r: Reading, value: float) -> Figure:
    """A count; one that is part of another stands with it: `2 overdue, 9 open`."""
    what, part, of = r.definition.statistic.partition(" of ")
    if not part or r.n is None:
        return Figure(units.count(value))
    return Figure(units.count(value), what, (f"{units.count(r.n)} {of}",), _load(r))


def _load(r: Reading) -> tuple[str, ...]:
    """What being on call was like: `1.4 pages a shift`, `14 in sleep hours`, `3 of 40 shifts over the limit`."""
    if "pages_per_shift" not in r.detail:
        return ()
    sleep, shifts, over = r.detail["by_hours"]["sleep"], r.detail["shifts"], r.detail["shifts_over"]
    return (
        f"{units.number(r.detail['pages_per_shift'])} pages a shift",
        f"{units.count(sleep)} in sleep hours",
        f"{units.count(over)} of {units.count(shifts)} shifts over the limit" if shifts else "",
    )


def _share(r: Reading, value: float) -> Figure:
    shown, _, fraction = units.percent(value, of=r.n, k=r.k).partition(", ")
    return Figure(shown, "", (fraction,), () if fraction else (_n(r),))


def _duration(r: Reading, value: float) -> Figure:
    statistic, still_open = r.definition.statistic, r.excluded.get(STILL_OPEN)
    waiting = f"{units.count(still_open)} {STILL_OPEN}" if still_open else ""
    if statistic != "mean":
        return Figure(units.duration(value), "", (), (statistic, _n(r), waiting))
    median = (r.spread or {}).get("median")
    beside = ("" if median is None else f"median {units.duration(median)}", _n(r))
    return Figure(units.duration(value), "mean", beside, (waiting,))


def _met(r: Reading, met: Decimal, of: Decimal) -> Figure:
    counted = r.definition.fraction
    tier, worst, used = (r.detail.get(name) for name in ("tier", "worst", "budget_used"))
    further = []
    if worst and r.detail.get("worst_actual") is not None:
        actual, objective = r.detail["worst_actual"], r.detail["worst_objective"]
        further.append(f"worst {worst} {units.slo_percent(actual, objective)} of {units.slo_percent(objective)}")
    if used is not None:
        further.append(f"{units.bare_percent(used)} of its error budget used")
    return Figure(
        f"{units.count(met)} of {units.count(of)}", f"tier {tier} {counted}" if tier else counted, (), tuple(further)
    )


def _spent(r: Reading, spent: Decimal) -> Figure:
    budget = _of_budget(r.value) if r.value is not None else "no budget"
    return Figure(units.money(spent, r.currency), "", (budget,))


def _of_budget(share: float) -> str:
    return f"{units.bare_percent(share)} of budget"


def _top(r: Reading) -> float:
    """The best score of the survey's own scale."""
    scale = r.detail.get("scale")
    return float(scale[1]) if scale else 10.0


def _nps(r: Reading) -> str:
    nps, margin = r.detail.get("nps"), r.detail.get("nps_margin")
    if nps is None:
        return ""
    score = units.signed(nps, units.fixed(abs(nps), 0))
    return f"NPS {score}" if margin is None else f"NPS {score} ± {units.fixed(margin, 0)}"


def _n(r: Reading) -> str:
    return "" if r.n is None else f"n={units.count(r.n)}"


def _single_records(r: Reading) -> str:
    """The records themselves, where there are too few for a figure; a fraction for a share."""
    if r.definition.unit is Unit.SHARE and r.k is not None and r.n:
        return f"{units.count(r.k)} of {units.count(r.n)}"
    values = r.detail.get("each") or []
    return ", ".join(amount(r.definition.unit, each, r.currency) for each in values[:SHOWN_RECORDS])
