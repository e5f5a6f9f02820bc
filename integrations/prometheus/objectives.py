"""Objectives as sloth and Pyrra write them into rules: https://sloth.dev and https://github.com/pyrra-dev/pyrra

Both record the error ratio over several ranges, with labels that say whose it is. The shortest is taken, and its range
replaced. Neither records how many events there were.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.prometheus.expression import has_counts
from ops_console.contracts.sources import Told

SLOTH, PYRRA = "sloth", "Pyrra"
SLOTH_RATIO = re.compile(r"slo:sli_error:ratio_rate(\w+)")
PYRRA_RATIO = re.compile(r".+:burnrate(\w+)")
PYRRA_WINDOW = re.compile(r".+:increase(\w+)")
NUMBER = re.compile(r"(?:vector\()?\s*(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*\)?")
ALLOWED = re.compile(r"\(1 ?- ?(0?\.\d+)\)")
"""The budget in an alert of Pyrra, which is there without its generic rules, too."""
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
DAY = 86_400
PRECISION = Decimal("0.0001")
LONGEST = 2_000

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Objective:
    """`about` is the field that names what it is about, and the name; `teller` who wrote the rules."""

    id: str
    name: str
    about: tuple[str, str]
    percent: Decimal
    expression: str
    range: str
    teller: str
    window: str = ""

    def fact(self) -> Told:
        equally = "" if has_counts(self.expression) else "every five minutes count equally: "
        values = {
            "external_id": self.id,
            "name": self.name,
            self.about[0]: self.about[1],
            "objective_percent": format(self.percent, "f"),
            "window": self.window,
            "sli": f"{equally}{self.expression}"[:LONGEST],
            "budgeting": "occurrences",
        }
        return Told("slos", {name: value for name, value in values.items() if value})


def objectives(groups: Iterable[Rule], model_label: str, service_label: str) -> list[Objective]:
    """Those of all rules, by name. Rules that two copies of a server tell are told once."""
    rules = _rules(groups)
    found: dict[str, Objective] = {}
    for each in (*_of_sloth(rules, model_label, service_label), *_of_pyrra(rules, model_label, service_label)):
        found.setdefault(each.id, each)
    return sorted(found.values(), key=lambda each: each.id)


def without_objective(groups: Iterable[Rule]) -> list[str]:
    """Of which there is a ratio, and no objective to hold it against."""
    rules = _rules(groups)
    ratios = {
        name
        for label, pattern in (("sloth_id", SLOTH_RATIO), ("slo", PYRRA_RATIO))
        for name, mine in _by_label(rules, label).items()
        if _shortest(mine, pattern)
    }
    return sorted(ratios - {each.id for each in objectives(groups, "model", "service")})


def seconds(duration: str) -> float | None:
    """A duration as Prometheus writes it, such as 30d or 1h30m."""
    parts = re.findall(r"(\d+)(ms|[smhdwy])", duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        return None
    return float(sum(int(number) * UNITS[unit] for number, unit in parts))


def _rules(groups: Iterable[Rule]) -> list[Rule]:
    """Those that say what they ask."""
    found = (rule for group in groups for rule in group.get("rules") or () if isinstance(rule, Mapping))
    return [rule for rule in found if isinstance(rule.get("query"), str)]


def _of_sloth(rules: Sequence[Rule], model_label: str, service_label: str) -> Iterator[Objective]:
    told = _by_label(rules, "sloth_id")
    for name, mine in told.items():
        shortest = _shortest(mine, SLOTH_RATIO)
        percent = _percent(mine, "slo:objective:ratio")
        days = _number(mine, "slo:time_period:days")
        if shortest and percent:
            rule, ranged = shortest
            labels = rule["labels"]
            about = _about(labels, model_label, service_label) or ("service", labels.get("sloth_service") or name)
            window = f"{days.normalize():f}d" if days else ""
            yield Objective(name, name, about, percent, rule["query"], ranged, SLOTH, window)


def _of_pyrra(rules: Sequence[Rule], model_label: str, service_label: str) -> Iterator[Objective]:
    for name, mine in _by_label(rules, "slo").items():
        shortest = _shortest(mine, PYRRA_RATIO)
        percent = _percent(mine, "pyrra_objective") or _alerted(mine)
        if shortest and percent:
            rule, ranged = shortest
            labels = rule["labels"]
            about = _about(labels, model_label, service_label) or ("service", labels.get("job") or name)
            yield Objective(name, name, about, percent, rule["query"], ranged, PYRRA, _pyrra_window(mine))


def _by_label(rules: Sequence[Rule], label: str) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if name := str((rule.get("labels") or {}).get(label) or ""):
            found.setdefault(name, []).append(rule)
    return found


def _shortest(rules: Sequence[Rule], names: re.Pattern[str]) -> tuple[Rule, str] | None:
    """The rule over the shortest range: sloth averages over the longest what others divide."""
    found = [
        (length, rule["query"], rule, named[1])
        for rule in rules
        if (named := names.fullmatch(str(rule.get("name") or ""))) and (length := seconds(named[1])) is not None
    ]
    return min(found, key=lambda each: each[:2])[2:] if found else None


def _number(rules: Sequence[Rule], name: str) -> Decimal | None:
    said = (NUMBER.fullmatch(str(rule.get("query") or "").strip()) for rule in rules if rule.get("name") == name)
    return next((Decimal(each[1]) for each in said if each), None)


def _percent(rules: Sequence[Rule], name: str) -> Decimal | None:
    ratio = _number(rules, name)
    return None if ratio is None else _rounded(ratio)


def _alerted(rules: Sequence[Rule]) -> Decimal | None:
    found = (ALLOWED.search(str(rule.get("query") or "")) for rule in rules if rule.get("type") == "alerting")
    return next((_rounded(Decimal(each[1])) for each in found if each), None)


def _rounded(ratio: Decimal) -> Decimal | None:
    """In per cent: some versions of sloth write 0.9990000000000001. What can never be missed or met is none."""
    percent = (ratio * 100).quantize(PRECISION).normalize()
    return percent if 0 < percent < 100 else None


def _pyrra_window(rules: Sequence[Rule]) -> str:
    """As the generic rules say it, else by the name of what is recorded over all of it."""
    said = _number(rules, "pyrra_window")
    named = (PYRRA_WINDOW.fullmatch(str(rule.get("name") or "")) for rule in rules)
    lengths = [float(said)] if said else [seconds(each[1]) or 0 for each in named if each]
    return f"{int(max(lengths)) // DAY}d" if lengths else ""


def _about(labels: Mapping[str, str], model_label: str, service_label: str) -> tuple[str, str] | None:
    if name := labels.get(model_label):
        return "model", name
    if name := labels.get(service_label):
        return "service", name
    return None
