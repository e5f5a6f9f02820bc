"""Are we audit-ready this quarter?"""

from dataclasses import replace

from flask import Response, url_for

from ops_console.core.errors import NotFound
from ops_console.core.periods import Grain
from ops_console.ingest.freshness import freshness
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE
from ops_console.reporting import words
from ops_console.reporting.governed import CARDS, EXCEPTIONS, KEYS, PAVED, REPRODUCED, governed
from ops_console.scorecard.kept_figures import kept_figures
from ops_console.scorecard.read import readings
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import read
from ops_console.web.drawn import card
from ops_console.web.evidence_pack import REPORT, evidence_pack
from ops_console.web.filters import Filters, filters
from ops_console.web.governance_rows import lines
from ops_console.web.view import page_of, render, workspace

pages = Pages("governance", menu="Governance", place=57)

EVERY = 1_000
"""More rows than a quarter has models or exceptions."""
LISTED = (CARDS, PAVED, EXCEPTIONS)
"""Versions are as many as a quarter has releases: of those the scorecard tells how many could be reproduced."""


@pages.get("/governance", access=Access.VIEWER)
def governance() -> str:
    asked = _asked()
    with read() as session:
        fresh = freshness(session, asked.now)
        found = readings(
            session, asked.scope, asked.period, keys=KEYS, compare=asked.compare, now=asked.now, fresh=fresh
        )
        rows = governed(session, found, EVERY, LISTED)
        versions = kept_figures(session, REPRODUCED, asked.period)
    ordered = sorted(found, key=lambda each: KEYS.index(each.key))
    exceptions = next(each for each in found if each.key == EXCEPTIONS)
    told = lines(rows, versions, knows_exceptions=exceptions.value is not None)
    paging = page_of(len(told))
    return render(
        "governance.html",
        filters=asked,
        hidden={},
        cards=[card(each, asked) for each in ordered],
        models=told[paging.offset : paging.offset + paging.size],
        open_points=sum(line.open_points > 0 for line in told),
        total=len(told),
        paging=paging,
        exceptions=[row for each in rows if each.kpi == EXCEPTIONS for row in each.rows],
        unknown="" if exceptions.value is not None else _unknown(exceptions),
        pack=url_for("governance.pack", **asked.params()),
        has_report=REPORT in console().parts.reports,
        report=url_for("reports.preview", name=REPORT, period=asked.period.label),
        sources=[f"{each.definition.title}. {words.source_line(each, workspace().zone)}" for each in ordered],
    )


@pages.get("/governance.zip", access=Access.VIEWER)
def pack() -> Response:
    """Everything an auditor asks for, with the sums that prove it whole."""
    asked = _asked()
    here = console()
    if REPORT not in here.parts.reports:
        raise NotFound("The governance report is not installed.", remedy="It is one file in the folder reports.")
    with read() as session:
        response = Response(evidence_pack(session, here.parts, here.settings, asked), mimetype="application/zip")
    name = f"governance_{asked.period.label}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _unknown(found: Reading) -> str:
    """`Not connected. No findings have arrived yet.`: nothing that is known is no zero."""
    return " ".join(f"{said.rstrip('.')}." for said in (words.headline(found), found.data_reason) if said)


def _asked() -> Filters:
    """A quarter, of all models: what governance asks for is asked of every one."""
    return replace(filters(Grain.QUARTER), scope=WORKSPACE)
