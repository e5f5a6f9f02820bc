"""`ops-console doctor`"""

import json
import sys

import click

from ops_console.contracts.document import Tone
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for
from ops_console.core.settings import settings
from ops_console.jobs.checkups import Finding, checkups

ICONS = {Tone.GOOD: "●", Tone.WATCH: "▲", Tone.BAD: "■", Tone.NONE: "○"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_obj
def command(parts: Parts, as_json: bool) -> None:
    """Look whether this console can do its work, and say what to do where it cannot. Nothing is changed.

    Exit code 1: something keeps it from working (■). What only wants a look (▲) leaves it at 0.
    """
    found = []
    for finding in checkups(Office(engine_for(settings().database_url), parts, settings())):
        found.append(finding)
        if not as_json:
            _say(finding)
    if as_json:
        told = ({"about": f.about, "state": f.tone.value, "said": f.said, "remedy": f.remedy} for f in found)
        click.echo(json.dumps([*told]))
    sys.exit(any(finding.tone is Tone.BAD for finding in found))


def _say(finding: Finding) -> None:
    click.echo(f"{ICONS[finding.tone]} {finding.about}: {finding.said}")
    if finding.remedy:
        click.echo(f"  {finding.remedy}")
