"""`ops-console import`"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from getpass import getuser
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ops_console.contracts import kind_words
from ops_console.contracts.facts import KINDS
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for
from ops_console.core.errors import BadInput, OpsConsoleError
from ops_console.core.settings import settings
from ops_console.ingest import door
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.mapping import read_mapping
from ops_console.ingest.summary import Summary

SHOWN_NAMES = 20


@click.command("import", epilog=f"KIND is one of {', '.join(KINDS)}.")
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map", "mapping", type=click.Path(path_type=Path), help="TOML or JSON file that maps columns to fields."
)
@click.option("--zone", help="Zone of times without an offset, such as Europe/London.")
@click.option("--source", default="", help="Who says it; by default what the mapping says, else the file's name.")
@click.option("--covers-until", help="Up to when the file is complete, as 2026-10-31T00:00:00Z.")
@click.option("--part", default="", help="Name of one of several cost files of a billing period.")
@click.option("--format", "form", default="", help="Integration that reads FILE, where it does not tell itself.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--refused", type=click.Path(path_type=Path), help="Where to write refused rows; beside FILE by default.")
@click.pass_obj
def command(
    parts: Parts | None,
    kind: str,
    file: Path,
    mapping: Path | None,
    zone: str | None,
    source: str,
    covers_until: str | None,
    part: str,
    form: str,
    dry_run: bool,
    as_json: bool,
    refused: Path | None,
) -> None:
    """Import facts of KIND from FILE: CSV or JSON Lines, plain or gzip, or a file that an integration reads.

    A mapping given once is kept for the source and used for its later files. Good rows land, the others are written
    to a file of their own; importing a file again changes nothing. Exit code 0: every row landed; 1: some did not.
    """
    delivery = Delivery(
        kind=kind,
        source=source,
        mapping=read_mapping(mapping, kind) if mapping else None,
        zone=_zone(zone),
        made_by=_user(),
        covers_until=_instant(covers_until),
        part=part,
        form=form,
        dry_run=dry_run,
        origin=file.name,
    )
    engine = engine_for(settings().database_url)
    try:
        with _progress(file.name, shown=not as_json) as progress:
            summary = door.import_file(
                engine,
                file,
                delivery,
                progress=progress,
                refused_to=refused or Path(f"{file.name}.refused.csv"),
                readers=(parts or Parts()).readers,
                processes=settings().processes,
            )
    except OpsConsoleError as error:
        if as_json:
            click.echo(json.dumps({"kind": kind, "error": str(error)}))
            sys.exit(1)
        raise
    finally:
        engine.dispose()
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else told(summary))
    sys.exit(0 if summary.is_clean else 1)


def told(summary: Summary) -> str:
    """The summary as a few lines of text."""
    verb = "would be " if summary.dry_run else ""
    lines = [
        f"{kind_words.title(summary.kind)} from {summary.source}: {_rows(summary.rows)}"
        f" in {summary.seconds:.1f} s{'; nothing is written' if summary.dry_run else ''}.",
        f"  {verb}new {summary.new:,} · changed {summary.changed:,} · unchanged {summary.unchanged:,}"
        f" · older {summary.older:,} · refused {summary.refused:,} · filtered {summary.filtered:,}",
    ]
    if summary.unmapped:
        more = len(summary.unmapped) - SHOWN_NAMES
        names = ", ".join(summary.unmapped[:SHOWN_NAMES]) + (f" and {more:,} more" if more > 0 else "")
        lines.append(f"Names nobody registered yet: {names}. Map them on the data health page.")
    lines += [f"Warning: {warning}" for warning in summary.warnings]
    if summary.refused:
        lines += _refused(summary)
    if summary.error:
        lines.append(f"Error: {summary.error}")
    return "\n".join(lines)


def _refused(summary: Summary) -> Iterator[str]:
    """The first refused rows, and where all of them stand."""
    for row in summary.first_refused:
        yield f"  line {row.line:,}: {row.reason}"
    more = summary.refused - len(summary.first_refused)
    if more > 0:
        yield f"  and {more:,} more"
    is_one = summary.refused == 1
    told = "it stands with its reason" if is_one else "they stand with their reasons"
    yield f"{_rows(summary.refused)} {'is' if is_one else 'are'} refused; {told} in {summary.refused_file}."


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


@contextmanager
def _progress(name: str, *, shown: bool) -> Iterator[door.Progress | None]:
    """A bar on standard error while somebody watches."""
    display = Console(stderr=True)
    if not (shown and display.is_terminal):
        yield None
        return
    rows = TextColumn("{task.fields[rows]:,} rows")
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), rows, TimeRemainingColumn())
    with Progress(*columns, console=display, transient=True) as bar:
        task = bar.add_task(name, rows=0)
        yield lambda done, total, rows: bar.update(task, completed=done, total=total, rows=rows)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise BadInput(f"{name!r} is no time zone.", remedy="Use a name such as Europe/London.") from None


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"--covers-until {text} is no time.", remedy="Write 2026-10-31T00:00:00Z.") from None
    if found is not None and found.tzinfo is None:
        raise BadInput(f"--covers-until {text} has no offset.", remedy="Add one, such as Z for UTC.")
    return found


def _user() -> str:
    try:
        return getuser()
    except (OSError, KeyError):
        return "command line"  # a container may run as a user without a name
