"""A reading for programs: stable names; seconds, shares 0–1, money as decimal text, UTC, null for unknown."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ops_console.measures.definition import Bounds
from ops_console.measures.readings import HistoryPoint, Reading


def machine(reading: Reading) -> dict[str, Any]:
    """One reading, ready for JSON."""
    r = reading
    return {
        "key": r.key,
        "scope": str(r.scope),
        "period": r.period.label,
        "value": r.value,
        "unit": r.definition.unit.value,
        "currency": r.currency,
        "k": _decimal(r.k),
        "n": _decimal(r.n),
        **(dict.fromkeys(("mean", "median", "p75", "p90")) | (r.spread or {})),
        "target": _bounds(r.target),
        "target_from": _instant(r.target_from),
        "status": r.status.value,
        "status_reason": r.status_reason,
        "signal": r.signal.value,
        "signal_rule": r.signal_rule,
        "centre": r.centre,
        "lower": r.lower,
        "upper": r.upper,
        "limit_points": r.limit_points,
        "trial": r.trial,
        "previous": r.previous,
        "delta": r.delta,
        "interval_low": r.interval_low,
        "interval_high": r.interval_high,
        "data_state": r.data_state.value,
        "coverage_known": r.coverage_known,
        "coverage_expected": r.coverage_expected,
        "as_of": _instant(r.as_of),
        "window_start": _instant(r.window_start),
        "window_end": _instant(r.window_end),
        "is_running": r.is_running,
        "definition_version": r.definition_version,
        "sources": list(r.sources),
        "excluded": dict(r.excluded),
        "records_url": r.records_url,
    }


def flat(reading: Reading) -> dict[str, Any]:
    """The same in single cells, for CSV: bounds in two columns, lists joined."""
    found = machine(reading)
    target = found.pop("target") or {"low": None, "high": None}
    excluded = found.pop("excluded")
    return {
        **found,
        "target_low": target["low"],
        "target_high": target["high"],
        "sources": ", ".join(found["sources"]),
        "excluded": sum(excluded.values()),
    }


def machine_point(point: HistoryPoint) -> dict[str, Any]:
    """One period of a history."""
    return {
        "period": point.period.label,
        "value": point.value,
        "k": _decimal(point.k),
        "n": _decimal(point.n),
        "target": _bounds(point.target),
        "is_running": point.is_running,
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat()


def _bounds(bounds: Bounds | None) -> dict[str, Any] | None:
    return None if bounds is None else {"low": bounds.low, "high": bounds.high, "strict": bounds.strict}
