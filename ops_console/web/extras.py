"""What stands beside a figure on its page: further measures and parts of its detail, each by the name it has there."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ops_console.contracts.vocabulary import CORE_FLOWS, FindingSeverity, Monitor
from ops_console.core import units
from ops_console.measures.readings import Reading
from ops_console.reporting import words

Pairs = list[tuple[str, str]]
Panel = tuple[str, Pairs]
Of = Mapping[str, Any]
"""A further measure as the detail holds it."""


def extras(found: Reading) -> list[Panel]:
    """Panels of all that the detail holds beside the figure; one without a known pair is not there."""
    lines = [(title, say(found.detail[name])) for name, (title, say) in LINES.items() if name in found.detail]
    panels = [("Beside it", [(title, text) for title, text in lines if text])]
    panels += [(title, say(of)) for path, (title, say) in PANELS.items() if (of := _at(found.detail, path))]
    return [(title, pairs) for title, pairs in panels if pairs]


def _at(detail: Of, path: str) -> Any:
    name, _, part = path.partition(".")
    of = detail.get(name)
    return of.get(part) if part and of else of


# ---- one line each


def _share(of: Of) -> str:
    if of.get("value") is None:
        return ""
    known = (units.percent(of["value"], of=of["n"], k=of["k"]), words.at_least(of.get("at_least")))
    return "; ".join(filter(None, known))


def _skills(of: Of) -> str:
    """`62%, 26 of 42; 19 levels lacking in all`"""
    if of.get("hidden"):
        return "hidden to protect people"
    gaps = of.get("gaps")
    return "; ".join(filter(None, (_share(of), "" if gaps is None else f"{units.count(gaps)} levels lacking in all")))


def _part(of: Of) -> str:
    """`2 of 41`, and of none that there is none."""
    return f"{units.count(of['k'])} of {units.count(of['n'])}" if of["n"] else "none open"


def _age(of: Of) -> str:
    if not of["n"]:
        return ""
    longest = f"; longest {units.duration(of['longest'])}" + (f", {of['longest_of']}" if of["longest_of"] else "")
    return f"{units.duration(of['median'])} median, n={units.count(of['n'])}{longest}"


def _hours(hours: float) -> str:
    return f"{units.number(hours)} h"


def _percent(share: float | None) -> str:
    return "" if share is None else units.bare_percent(share)


def _value(of: Of) -> str:
    return units.count(of["value"])


def _pace(of: Of) -> str:
    known = [f"{units.number(of['value'])} a week"] if of.get("value") is not None else []
    if of.get("median_gap") is not None:
        known.append(f"{units.duration(of['median_gap'])} from one to the next, median")
    return "; ".join(known)


def _time(of: Of) -> str:
    """The median, its n, and how many have not got there yet."""
    waiting = of.get("waiting")
    left = f", {units.count(waiting['count'])} not yet" if waiting else ""
    return f"{units.duration(of['median'])} median, n={units.count(of['n'])}{left}" if of["n"] else ""


def _use(of: Of) -> str:
    """`72% of 1,200 h`"""
    if of.get("value") is None:
        return ""
    return f"{units.bare_percent(of['value'])} of {units.number(Decimal(of['units']))} h, {_models(of)}"


def _unit_cost(of: Of) -> str:
    if of.get("exactly") is None:
        return ""
    return f"{units.price(Decimal(of['exactly']), of.get('currency'))} per {units.count(of['per'])}, {_models(of)}"


def _models(of: Of) -> str:
    return f"{units.count(of['n'])} {'model' if of['n'] == 1 else 'models'}"


LINES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "pace": ("Releases", _pace),
    "within_limit": ("Within the limit of its tier", _share),
    "aborted_canaries": ("Canaries aborted", _share),
    "recovery": ("Recovery of a failed release", _time),
    "rework": ("Rework: rollbacks, hotfixes and repairs", _share),
    "time_to_acknowledge": ("Time to acknowledge", _time),
    "skills_at_level": ("Skills at the level needed", _skills),
    "weighted_by_runs": ("Weighted by runs", _share),
    "started_by_hand": ("Automated steps started by hand", _share),
    "without_evidence": ("Automated steps without evidence", units.count),
    "freshness": ("Since the last successful training", _age),
    "waived": ("Waived for now", units.count),
    "without_due_date": ("Without a due date", units.count),
    "closed_on_time": ("Closed on time", _share),
    "vulnerabilities": ("Vulnerabilities past their limit", _part),
    "vulnerability_age": ("Age of open vulnerabilities", _age),
    "vulnerabilities_closed_on_time": ("Vulnerabilities closed on time", _share),
    "criteria": ("Criteria met, of all models", _share),
    "found_not_registered": ("Serving and not registered", _value),
    "gpu_use": ("GPU hours used of those allocated", _use),
    "unit_cost": ("Cost of inference", _unit_cost),
    "pages": ("Pages", units.count),
    "pages_per_shift_median": ("Pages in a 12 h shift, median of the people on call", units.number),
    "pages_per_shift_highest": ("Pages in a 12 h shift, highest", units.number),
    "hours_median": ("Hours on call, median", _hours),
    "hours_highest": ("Hours on call, highest", _hours),
    "highest_share": ("Share of all pages of the person who had most", _percent),
    "outside_shifts": ("Pages to people who were not on call", units.count),
}
"""In the order in which they are shown."""


# ---- panels


def _split(*order: str) -> Callable[[Of], Pairs]:
    """`Train  3 of 4`, the known parts in their order and the others behind them."""

    def say(parts: Of) -> Pairs:
        names = [*(name for name in order if name in parts), *(name for name in parts if name not in order)]
        return [(_named(name), f"{units.count(parts[name]['k'])} of {units.count(parts[name]['n'])}") for name in names]

    return say


def _numbers(parts: Of) -> Pairs:
    """The largest part first."""
    return [(_named(name), units.count(of["n"])) for name, of in sorted(parts.items(), key=lambda part: -part[1]["n"])]


def _counts(*order: str) -> Callable[[Of], Pairs]:
    return lambda parts: [(_named(name), units.count(parts[name])) for name in order]


def _times(parts: Of) -> Pairs:
    """Hours of each part, as they come: a day of work has not 24 of them."""
    return [(_named(name), f"{units.number(minutes / 60)} h") for name, minutes in parts.items()]


def _loudest(top: Any) -> Pairs:
    """`12 pages; 25% actionable, 2 of 8`, of those that were judged."""
    return [(each["name"], "; ".join(filter(None, _heard(each)))) for each in top]


def _heard(each: Of) -> tuple[str, str]:
    judged = (
        f"{units.percent(each['k'] / each['n'], of=each['n'], k=each['k'])} actionable" if each["n"] else "not judged"
    )
    return f"{units.count(each['count'])} {'page' if each['count'] == 1 else 'pages'}", judged


def _coverage(*names: str) -> Callable[[Of], Pairs]:
    """How many have all of it, and how many each part."""

    def say(of: Of) -> Pairs:
        if of.get("value") is None:
            return []
        parts = ((_named(name), f"{units.count(of[name])} of {units.count(of['n'])}") for name in names)
        return [("All of it", _share(of)), *parts]

    return say


def _named(name: str) -> str:
    return name[:1].upper() + name[1:].replace("_", " ")


PANELS: dict[str, tuple[str, Callable[[Any], Pairs]]] = {
    "loudest.top": ("Alerts that page most", _loudest),
    "by_category": ("Time by kind of work", _times),
    "by_hours": ("Pages by hours of the person's own day", _counts("business", "off", "sleep")),
    "by_flow": ("Automated steps by flow", _split(*CORE_FLOWS)),
    "by_verdict": ("Model cards", _numbers),
    "by_severity": ("Overdue by severity", _split(*FindingSeverity)),
    "vulnerabilities.by_severity": ("Vulnerabilities past their limit by severity", _split(*FindingSeverity)),
    "criteria.by_criterion": ("Models that meet each criterion", _split()),
    "monitoring": ("Models watched for", _coverage(*Monitor)),
    "ownership": ("Models with", _coverage("owner", "on_call", "escalation", "runbook")),
}
"""By the place in the detail."""
