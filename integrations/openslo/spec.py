"""An SLO of OpenSLO v1 as the fields of facts: one for each of its objectives.

The format: https://github.com/OpenSLO/OpenSLO#slo
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.openslo.unfit import HUNDRED, Unfit, number, percent
from ops_console.contracts.yaml_documents import Values, part, text

BUDGETING = {"occurrences": "occurrences", "timeslices": "timeslices", "ratiotimeslices": "timeslices"}
EQUALLY = "every slice counts equally: "
"""What OpenSLO calls RatioTimeslices: an average of ratios."""
DURATION = re.compile(r"[1-9]\d*[mhdwMQY]")
OPERATORS = {"lte": "≤", "lt": "<", "gte": "≥", "gt": ">"}
TRUE, FALSE = "true", "false"
LONGEST = 2_000

Cells = dict[str, Any]


def objectives(slo: Values, indicators: Mapping[str, str]) -> Iterator[Cells | Unfit]:
    """The fields of each objective, or what is wrong with it; `indicators` are those that other documents define."""
    spec, metadata = part(slo, "spec"), part(slo, "metadata")
    told = _items(spec, "objectives")
    shared = {**_about(slo), **_window(spec)}
    names = _names(told)
    for place, (objective, own) in enumerate(zip(told, names, strict=True)):
        try:
            yield {
                "external_id": "/".join(filter(None, (text(metadata, "name"), own))),
                "name": ": ".join(filter(None, (text(metadata, "displayName") or text(metadata, "name"), own))),
                **shared,
                "objective_percent": _objective(objective, f"objectives[{place}]"),
                **_counted(spec, objective, indicators, f"objectives[{place}]"),
            }
        except Unfit as error:
            yield error


def indicator(sli: Values) -> str:
    """What an SLI measures, in words and the queries of its source."""
    spec = part(sli, "spec") or sli
    threshold, ratio = part(spec, "thresholdMetric"), part(spec, "ratioMetric")
    if threshold:
        return query(threshold)
    parts = [f"{word}: {said}" for word in ("good", "bad", "total") if (said := query(part(ratio, word)))]
    raw = query(part(ratio, "raw"))
    return " ÷ ".join(parts) or (f"{text(ratio, 'rawType') or 'success'} ratio: {raw}" if raw else "")


def query(metric: Values) -> str:
    """The query of a metric, whatever its source calls it."""
    source = part(metric, "metricSource")
    said = source.get("spec")
    if isinstance(said, str):
        return said.strip()
    fields = part(source, "spec")
    usual = next((text(fields, name) for name in ("query", "promql", "expr") if text(fields, name)), "")
    return usual or ", ".join(f"{name}={value}" for name, value in fields.items() if isinstance(value, str))


def _items(spec: Values, name: str) -> list[Values]:
    found = spec.get(name)
    items = found if isinstance(found, list) else []
    if not items or not all(isinstance(each, Mapping) for each in items):
        raise Unfit(name, f"spec.{name} is no list with anything in it")
    return items


def _about(slo: Values) -> Cells:
    """The label or annotation `model`, else the service; a label may hold several values."""
    for keyed in (part(part(slo, "metadata"), "labels"), part(part(slo, "metadata"), "annotations")):
        said = keyed.get("model")
        name = said[0] if isinstance(said, list) and said else said
        if isinstance(name, str) and name.strip():
            return {"model": name.strip()}
    service = text(part(slo, "spec"), "service")
    if not service:
        raise Unfit("service", "spec.service is missing, and no label names a model")
    return {"service": service}


def _window(spec: Values) -> Cells:
    """Rolling over so long, or by the calendar; the calendar's own zone gives way to that of the workspace."""
    said = spec.get("timeWindow")
    if said is None:
        return {}
    windows = said if isinstance(said, list) else [said]
    if len(windows) != 1 or not isinstance(windows[0], Mapping):
        raise Unfit("timeWindow", "spec.timeWindow holds other than one window")
    window = windows[0]
    duration, rolling = text(window, "duration"), text(window, "isRolling").lower()
    if not DURATION.fullmatch(duration):
        raise Unfit("timeWindow", f"{duration[:40]!r} is no duration; write 28d, 4w, 1M or 1Q")
    if rolling == TRUE and part(window, "calendar"):
        raise Unfit("timeWindow", "the window is rolling and by calendar; it can be one of them")
    if rolling not in ("", TRUE, FALSE):
        raise Unfit("timeWindow", f"isRolling is {rolling[:40]!r}; write true or false")
    if not rolling and not part(window, "calendar"):
        return {"window": duration}
    return {"window": duration, "calendar": rolling != TRUE}


def _names(told: list[Values]) -> list[str]:
    """What tells the objectives of one SLO apart: nothing where there is one, and else what it is called or asks."""
    if len(told) == 1:
        return [""]
    asked = (f"{text(each, 'op')} {text(each, 'value')}".strip() for each in told)
    called = [
        text(each, "displayName") or ask or text(each, "indicatorRef") for each, ask in zip(told, asked, strict=True)
    ]
    shared = Counter(called)
    return [name if name and shared[name] == 1 else f"{name} {place}".strip() for place, name in enumerate(called, 1)]


def _threshold(objective: Values) -> str:
    operator, value = text(objective, "op"), text(objective, "value")
    return f"{OPERATORS.get(operator, operator)} {value}" if operator and value else ""


def _objective(objective: Values, where: str) -> str:
    """In per cent, from a share of one or from per cent."""
    if said := text(objective, "targetPercent"):
        return percent(said, f"{where}.targetPercent")
    said = text(objective, "target")
    if not said:
        raise Unfit(f"{where}.target", "neither target nor targetPercent is given")
    share = number(said, f"{where}.target")
    if not 0 < share < 1:
        hint = f"; write targetPercent: {said}" if 1 < share < HUNDRED else ""
        raise Unfit(f"{where}.target", f"{said[:40]} is no share between 0 and 1{hint}")
    return percent(str(share * HUNDRED), f"{where}.target")


def _counted(spec: Values, objective: Values, indicators: Mapping[str, str], where: str) -> Cells:
    method = text(spec, "budgetingMethod")
    if method and method.lower() not in BUDGETING:
        raise Unfit("budgetingMethod", f"{method[:40]!r} is no budgeting method; write Occurrences or Timeslices")
    threshold = text(objective, "op")
    if threshold and threshold not in OPERATORS:
        raise Unfit(f"{where}.op", f"{threshold[:40]!r} is no operator; write lte, lt, gte or gt")
    said = _indicator(objective, indicators) or _indicator(spec, indicators)
    known = f"{said} {_threshold(objective)}".strip()
    sli = f"{_slices(objective)}{EQUALLY if method.lower() == 'ratiotimeslices' else ''}{known}"
    told = {"budgeting": BUDGETING.get(method.lower(), ""), "sli": sli[:LONGEST]}
    return {name: value for name, value in told.items() if value}


def _indicator(values: Values, indicators: Mapping[str, str]) -> str:
    """Written out here, or named; what is named and defined elsewhere stays a name."""
    if inline := part(values, "indicator"):
        return indicator(inline)
    named = text(values, "indicatorRef")
    return indicators.get(named, named)


def _slices(objective: Values) -> str:
    window, target = text(objective, "timeSliceWindow"), text(objective, "timeSliceTarget")
    if not (window or target):
        return ""
    return f"slices{f' of {window}' if window else ''}{f', good from {target} on' if target else ''}: "
