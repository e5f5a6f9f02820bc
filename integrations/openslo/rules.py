"""Objectives as they are written for sloth and Pyrra, under the ids their recording rules carry.

https://sloth.dev/specs/default and https://github.com/pyrra-dev/pyrra
"""

from collections.abc import Iterator, Mapping
from typing import Any

from integrations.openslo.spec import DURATION, LONGEST, Cells
from integrations.openslo.unfit import Unfit, percent
from ops_console.contracts.yaml_documents import Values, part, text

INDICATORS = ("ratio", "latency", "latencyNative", "bool_gauge", "boolGauge")


def of_sloth(document: Values) -> Iterator[Cells | Unfit]:
    """Its own form, or that of Kubernetes, which spells fields in another way. sloth gives all of them one window."""
    spec = part(document, "spec") or document
    service, slos = text(spec, "service"), spec.get("slos")
    if not service:
        raise Unfit("service", "service is missing")
    if not isinstance(slos, list) or not slos:
        raise Unfit("slos", "slos is no list with anything in it")
    for place, slo in enumerate(slos):
        try:
            yield _sloth(slo if isinstance(slo, Mapping) else {}, service, part(spec, "labels"), f"slos[{place}]")
        except Unfit as error:
            yield error


def of_pyrra(document: Values) -> Iterator[Cells]:
    metadata, spec = part(document, "metadata"), part(document, "spec")
    name, window = text(metadata, "name"), text(spec, "window")
    if not name:
        raise Unfit("metadata.name", "metadata.name is missing")
    if not DURATION.fullmatch(window):
        raise Unfit("window", f"{window[:40]!r} is no duration; write 4w or 28d")
    labels = {key.removeprefix("pyrra.dev/"): value for key, value in part(metadata, "labels").items()}
    yield _told(
        external_id=name,
        objective=percent(text(spec, "target"), "target"),
        labels=labels,
        service=text(labels, "service") or name,
        sli=_pyrra_indicator(part(spec, "indicator")),
        window=window,
        calendar=False,
    )


def _sloth(slo: Values, service: str, shared: Values, where: str) -> Cells:
    name, sli = text(slo, "name"), part(slo, "sli")
    if not name:
        raise Unfit(f"{where}.name", "an objective has no name")
    events, raw = part(sli, "events"), part(sli, "raw")
    bad, total = (text(events, f"{word}_query") or text(events, f"{word}Query") for word in ("error", "total"))
    ratio = text(raw, "error_ratio_query") or text(raw, "errorRatioQuery")
    plugin = text(part(sli, "plugin"), "id")
    return _told(
        external_id=f"{service}-{name}",
        objective=percent(text(slo, "objective"), f"{where}.objective"),
        labels={**shared, **part(slo, "labels")},
        service=service,
        sli=f"bad: {bad} ÷ total: {total}" if bad and total else ratio or plugin,
    )


def _pyrra_indicator(indicator: Values) -> str:
    kind = next((part(indicator, name) for name in INDICATORS if part(indicator, name)), {})
    parts = [f"{word}: {said}" for word in ("errors", "success", "total") if (said := text(part(kind, word), "metric"))]
    return " ÷ ".join(parts) or text(kind, "metric")


def _told(*, external_id: str, objective: str, labels: Values, service: str, sli: str, **window: Any) -> Cells:
    model = text(labels, "model")
    about = {"model": model} if model else {"service": service}
    told = {"external_id": external_id, "name": external_id, **about, "objective_percent": objective, **window}
    return {**told, "sli": sli[:LONGEST]} if sli else told
