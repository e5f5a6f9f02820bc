"""Readings worth drawing: gaps, one point, no points, a running period, signals, long labels."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ops_console.core.periods import parse, sequence
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import DataState, Reading, Signal, Status
from tests.reporting.shown import DAY, LONDON, OCTOBER, history, reading

DAYS = (9.1, 7.2, 11, 10.4, 6.2, 8.8, None, 9.9, 7, 8.1, 12.5, 9.1, 8.5)


def lead_time(**changes: Any) -> Reading:
    past = history([day and day * DAY for day in DAYS], target=Bounds(high=14 * DAY))
    limits = {"centre": 8.5 * DAY, "lower": 5.1 * DAY, "upper": 12.2 * DAY, "limit_points": 12}
    return reading(**({"history": past, **limits} | changes))


def deployments(**changes: Any) -> Reading:
    past = history([7.0, 4, 0, 9, 12, 6, None, 5, 8, 3, 7, 7, 9], target=Bounds(2, 10))
    limits = {"centre": 6.4, "lower": 0.0, "upper": 14.2, "limit_points": 12}
    return reading("model_deployments", **({"history": past, **limits} | changes))


def running(**changes: Any) -> Reading:
    past = history([7.0, 4, 6, 9, 5, 4], running=True, target=Bounds(2, 10))
    so_far = {
        "value": 4.0,
        "status": Status.NONE,
        "is_running": True,
        "as_of": OCTOBER.start + timedelta(days=11, hours=9),
    }
    return reading("model_deployments", **({"history": past, "signal": Signal.TOO_LITTLE, **so_far} | changes))


def failure_rate(**changes: Any) -> Reading:
    shares = [0.08, 0.05, 0.1, 0.07, 0.06, 0.0, 0.09, 0.1, 0.05, 0.08, 0.12, 0.11, 0.21]
    limits = {"centre": 0.074, "lower": 0.0, "upper": 0.16, "limit_points": 13, "window_days": 90}
    news = {"signal": Signal.WORSE, "status": Status.OFF_TARGET}
    past = history(shares, target=Bounds(high=0.1), k=Decimal(2), n=Decimal(25))
    return reading("change_failure_rate", **({"history": past, **limits, **news} | changes))


def cost(**changes: Any) -> Reading:
    past = tuple(
        replace(point, k=Decimal(round((point.value or 0) * 45500)), n=Decimal(45500 if index > 2 else 40000))
        for index, point in enumerate(history([0.8, 0.82, 0.85, 0.9, 0.88, 1.06]))
    )
    return reading("cost_vs_budget", **({"history": past, "status": Status.OFF_TARGET} | changes))


def first_figure(**changes: Any) -> Reading:
    return reading(**({"signal": Signal.TOO_LITTLE, "target": Bounds(high=14 * DAY)} | changes))


def absent(**changes: Any) -> Reading:
    return reading(**({"value": None, "n": None, "data_state": DataState.NOT_CONNECTED} | changes))


def weekly(**changes: Any) -> Reading:
    week = parse("2026-W43", LONDON)
    past = history([float(index % 5) for index in range(26)], until=week)
    return reading("model_deployments", **({"period": week, "history": past} | changes))


def crowded() -> Reading:
    """Two years of jumping values."""
    dice = random.Random(1)
    shares: list[float | None] = [dice.random() * 0.3 for _ in range(24)]
    limits: dict[str, Any] = {"centre": 0.1, "lower": 0.02, "upper": 0.22, "limit_points": 24}
    return failure_rate(history=history(shares, target=Bounds(high=0.1)), **limits)


Sight = Callable[[], Reading]
EVERY: tuple[Sight, ...] = (lead_time, deployments, running, failure_rate, cost, first_figure, absent, weekly, crowded)
RELEASE = Annotation(
    OCTOBER.previous(4).start + timedelta(days=12), AnnotationKind.RELEASE, "ranker-v4 released to all traffic"
)
OUTAGE = Annotation(
    OCTOBER.previous().start + timedelta(days=20),
    AnnotationKind.INCIDENT,
    "INC-142, feature store outage; rolled back after 1 h 12 min",
)


def counted(kind: AnnotationKind, *counts: int) -> list[Annotation]:
    """Of the months that end with October, the first of them first."""
    periods = sequence(OCTOBER, len(counts))
    return [
        Annotation(period.start, kind, until=period.end, count=count)
        for period, count in zip(periods, counts, strict=True)
    ]


def redefined() -> Reading:
    """From August on another definition counts."""
    r = lead_time()
    august = OCTOBER.previous(2).start
    versions = (replace(p, definition_version=2 if p.period.start >= august else 1) for p in r.history)
    return replace(r, history=tuple(versions))


def noted(r: Reading, *annotations: Annotation) -> Reading:
    return replace(r, annotations=annotations)
