"""`ops-console kpi`"""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from ops_console.core import periods, units
from ops_console.core.clock import now
from ops_console.core.db import engine_for
from ops_console.core.db import reading as reading_only
from ops_console.core.periods import Grain, Period
from ops_console.core.settings import settings
from ops_console.kpis import CATALOGUE
from ops_console.measures import scopes
from ops_console.measures.comparison import Compare
from ops_console.measures.readings import Reading, machine
from ops_console.records import workspace
from ops_console.reporting import words
from ops_console.scorecard.read import RecordPage, reading, records
from ops_console.scorecard.record import machine_record

MOST_ROWS = 100_000


@click.command("kpi")
@click.argument("key", type=click.Choice(list(CATALOGUE)), metavar="KEY")
@click.option("--period", "label", help="2026-10, 2026-W43, 2026-Q3 or 2026-08-01..2026-10-31; else the latest.")
@click.option("--grain", type=click.Choice([grain.value for grain in Grain]), default=Grain.MONTH.value)
@click.option("--scope", default="workspace", show_default=True, help="workspace, team:NAME, tier:1 or model:SLUG.")
@click.option("--window", type=click.Choice(["default", "period"]), default="default", show_default=True)
@click.option(
    "--compare",
    type=click.Choice([each.value for each in Compare]),
    default=Compare.PREVIOUS.value,
    show_default=True,
    help="With the period before, that of a year ago, or nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything known about the figure as JSON.")
@click.option("--rows", "with_rows", is_flag=True, help="Add the rows behind the figure.")
def command(
    key: str,
    label: str | None,
    grain: str,
    scope: str,
    window: str,
    compare: str,
    as_json: bool,
    with_rows: bool,
) -> None:
    """Print one figure with its target, change and source. KEY is a KPI such as lead_time or mttr.

    A KPI judged over a trailing window is read over it; --window period reads the period itself.
    """
    with reading_only(engine_for(settings().database_url)) as session:
        period = _period(session, label, Grain(grain))
        found = reading(session, key, scopes.parse(scope), period, window=window, compare=Compare(compare))
        page = _rows(session, found) if with_rows else None
        zone = workspace.current(session).zone
    if as_json:
        click.echo(json.dumps(_machine(found, page), indent=2, ensure_ascii=False))
        return
    for line in _lines(found):
        click.echo(line)
    click.echo(words.source_line(found, zone))
    if page is not None:
        _print(found, page)


def _period(session: Session, label: str | None, grain: Grain) -> Period:
    zone = workspace.current(session).zone
    return periods.asked(label, grain, now(), zone)


def _rows(session: Session, found: Reading) -> RecordPage:
    return records(session, found.key, found.scope, found.window_start, found.window_end, limit=MOST_ROWS)


def _lines(found: Reading) -> list[str]:
    """What a card says, line by line; lines that have nothing to say are left out."""
    window = f", {found.window_days} days ending with it" if found.window_days else ""
    said = [
        f"{found.definition.title}: {words.value(found)}",
        f"{found.scope.title}, {units.period_title(found.period.label)}{window}",
        _restated(found),
        f"{words.icon(found)} {words.status(found)} (target: {words.target(found)}). {found.status_reason}",
        f"Change: {words.signal(found)}",
        _compared(found),
        words.interval(found),
        *words.caveats(found),
        f"{words.COMMITS}: {words.commits(found)}" if words.commits(found) else "",
        words.outlook(found),
        _excluded(found),
    ]
    return [line for line in said if line]


def _restated(found: Reading) -> str:
    """With the number of the run, which its page is found by."""
    return f"{words.restated(found)} (run {found.restated.run_id})" if found.restated else ""


def _compared(found: Reading) -> str:
    """`Compared with Sep 9.1 days: −0.6 days`; empty where that is unknown."""
    previous, delta = words.previous(found), words.delta(found)
    return f"Compared with {previous}{f': {delta}' if delta else ''}" if previous else ""


def _excluded(found: Reading) -> str:
    left_out = ", ".join(f"{count} {reason}" for reason, count in found.excluded.items())
    return f"Left out: {left_out}" if left_out else ""


def _machine(found: Reading, page: RecordPage | None) -> dict[str, Any]:
    if page is None:
        return {**machine(found)}
    return {**machine(found), "rows": [machine_record(row) for row in page.rows], "rows_excluded": page.excluded}


def _print(found: Reading, page: RecordPage) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("When (UTC)", "Subject", "Row", "Measure", "Note or left out"):
        table.add_column(column, justify="right" if column == "Measure" else "left")
    for row in page.rows:
        measured = words.amount(found.definition.unit, row.measure, row.currency) if row.measure is not None else ""
        when = f"{row.anchor:%Y-%m-%d %H:%M}" if row.anchor else ""
        table.add_row(when, row.subject, row.label, measured, row.excluded or row.note)
    Console().print(table)
