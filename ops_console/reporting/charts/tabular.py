"""The facts of a chart as a table, for "Show data table" and for readers who do not see the drawing."""

from collections.abc import Sequence

from ops_console.measures.words.amounts import amount
from ops_console.reporting.charts.spec import ChartSpec, Kind, Series

Rows = list[tuple[str, ...]]


def table(spec: ChartSpec) -> tuple[tuple[str, ...], Rows]:
    """Columns and rows, newest last; annotations stand with the period they fall in."""
    if spec.kind is Kind.BULLETS:
        return spec.columns, [(b.label, b.note or "no data", b.text, b.icon) for b in spec.bullets]
    if spec.kind is Kind.DISTRIBUTION:
        return spec.columns, [(p.title, p.text, p.n, p.part) for p in spec.points if p.value is not None]
    if spec.kind is Kind.CUMULATIVE:
        return spec.columns[: 2 + len(spec.series[1:])], _days(spec, spec.series[1:])
    if spec.kind is Kind.STACKED:
        return spec.columns, _days(spec, spec.series)
    return spec.columns, [
        (p.title, p.text, p.n, p.target_text, p.status, "; ".join(spec.notes(index)))
        for index, p in enumerate(spec.points)
    ]


def _days(spec: ChartSpec, beside: Sequence[Series]) -> Rows:
    return [
        (point.title, point.text, *(_amount(spec, series.values[index]) for series in beside))
        for index, point in enumerate(spec.points)
    ]


def _amount(spec: ChartSpec, value: float | None) -> str:
    return "" if value is None else amount(spec.unit, value, spec.currency)
