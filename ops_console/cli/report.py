"""`ops-console report NAME`"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Engine

from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import engine_for, reading
from ops_console.core.periods import Period, asked
from ops_console.core.settings import settings
from ops_console.records import workspace
from ops_console.records.reports import Delivery
from ops_console.reporting import ledger, runs
from ops_console.reporting.composing import TEST, document
from ops_console.reporting.delivery import Post, send_test
from ops_console.reporting.packing import files, package
from ops_console.reporting.publishing import DEMO, Published, publish, refuse
from ops_console.reporting.report import Report, named
from ops_console.reporting.snapshot import Snapshot, of_run
from ops_console.scorecard.refresh import refresh

Say = Callable[[str], None]


@click.command("report")
@click.argument("name")
@click.option("--period", "label", help="Such as 2026-10; else the latest complete one.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write every rendering into this folder.")
@click.option("--send", is_flag=True, help="Freeze the report and send it to everyone who has not got it.")
@click.option("--test-to", help="Send one e-mail to this address, marked TEST; nothing is kept.")
@click.option("--note", default="", help="A manager's note to stand above the report.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and no progress.")
@click.pass_obj
def command(
    parts: Parts,
    name: str,
    label: str | None,
    out: Path | None,
    send: bool,
    test_to: str | None,
    note: str,
    as_json: bool,
) -> None:
    """Make a report, and write or send it.

    A report that was sent is written as it was sent; otherwise the figures of this minute are written as a draft.
    Sending twice sends once. Exit code 1: something was refused or did not arrive.
    """
    report, engine = named(parts, name), engine_for(settings().database_url)
    say = _silent if as_json else _say
    say("Bringing the scorecard up to date …")
    refresh(engine, now())
    period = _period(engine, report, label)
    result: dict[str, object] = {"report": name, "period": period.label}
    if test_to:
        result["test"] = _send_test(engine, parts, report, period, test_to, say)
    if send:
        result |= _sent(
            publish(engine, parts, settings(), report, period, made_by="command line", note=note, asked=True), say
        )
    if out is not None or not (send or test_to):
        result |= _written(engine, parts, report, period, out or Path(), note, say)
    if as_json:
        click.echo(json.dumps(result))
    sys.exit(0 if result.get("arrived", True) else 1)


def _period(engine: Engine, report: Report, label: str | None) -> Period:
    with reading(engine) as session:
        zone = workspace.current(session).zone
    period = asked(label, report.grain, now(), zone)
    if period.grain is not report.grain:
        raise click.UsageError(f"{report.key} is about one {report.grain}; {label} is none.")
    return period


def _snapshot(engine: Engine, report: Report, period: Period, note: str) -> tuple[Snapshot, int | None]:
    """The frozen figures if the report was made, else those of this minute."""
    with reading(engine) as session:
        run = runs.latest(session, report.key, period.label)
        if run is not None:
            return of_run(run), run.id
        return runs.draft(session, report, period, settings(), note=note), None


def _written(
    engine: Engine, parts: Parts, report: Report, period: Period, out: Path, note: str, say: Say
) -> dict[str, object]:
    snapshot, run_id = _snapshot(engine, report, period, note)
    made = document(report, snapshot, snapshot.url(f"/reports/runs/{run_id}" if run_id else "/reports"))
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files(made, snapshot, parts, settings()).items():
        (out / name).write_bytes(content)
        say(f"  {out / name}  {len(content) / 1000:,.1f} kB")
        written.append(str(out / name))
    return {"run": snapshot.facts.run, "files": written}


def _send_test(engine: Engine, parts: Parts, report: Report, period: Period, to: str, say: Say) -> str:
    with reading(engine) as session:
        if workspace.current(session).is_demo:
            raise refuse(DEMO)
    snapshot, _ = _snapshot(engine, report, period, "")
    made = document(report, snapshot, snapshot.url("/reports"), (TEST,))
    receipt = send_test(Post(parts.channels, settings()), "email", to, package(made))
    say(f"A test went to {to}.")
    return receipt.reference


def _sent(done: Published, say: Say) -> dict[str, object]:
    if not done.deliveries:
        raise refuse(done.run.reason)
    for row in done.deliveries:
        say(f"  {row.channel} to {row.recipient}: {row.state}{f' ({row.error})' if row.error else ''}")
    if done.was_done:
        say("Everyone had it before; nothing was sent again.")
    rows = [_row(row) for row in done.deliveries]
    state = {"run": ledger.run_label(done.run), "state": done.run.state}
    return state | {"arrived": done.arrived, "sent_before": done.was_done, "deliveries": rows}


def _row(row: Delivery) -> dict[str, object]:
    return {"channel": row.channel, "recipient": row.recipient, "state": row.state, "error": row.error}


def _say(text: str) -> None:
    click.echo(text, err=True)


def _silent(text: str) -> None:
    """Scripts read the JSON."""
