"""The evidence of a quarter in one file: the report as PDF, the rows behind each figure, and what proves them whole."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping

from sqlmodel import Session

from ops_console.contracts.document import Document
from ops_console.contracts.parts import Parts
from ops_console.core.settings import Settings
from ops_console.core.workers import workers
from ops_console.reporting import runs
from ops_console.reporting.composing import document
from ops_console.reporting.governed import KEYS, governed
from ops_console.reporting.packing import document_of
from ops_console.reporting.render.csv import csv_name
from ops_console.reporting.render.pdf import pdf
from ops_console.reporting.report import named
from ops_console.scorecard.read import readings
from ops_console.web.csv_file import csv_file
from ops_console.web.filters import Filters

REPORT = "quarterly_governance"
SUMS = "SHA256SUMS"
COLUMNS = ("model", "what", "state", "needs_somebody", "due_on", "waived_until")
EVERY = 10_000
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The same rows make the same file."""


def evidence_pack(session: Session, parts: Parts, settings: Settings, asked: Filters) -> bytes:
    """A ZIP. Where the report of the quarter was frozen it is that one, else a draft that says so."""
    files = dict(_rows(session, asked)) | {
        f"{REPORT}_{asked.period.label}.pdf": _report(session, parts, settings, asked)
    }
    return packed(files)


def _rows(session: Session, asked: Filters) -> Iterable[tuple[str, bytes]]:
    """The rows that count. Those left out stand behind each figure on its page."""
    found = readings(session, asked.scope, asked.period, keys=KEYS, now=asked.now)
    for each in governed(session, found, EVERY):
        rows = ((row.subject, row.label, row.note, row.is_missed, row.due_on, row.waived_until) for row in each.rows)
        yield csv_name(each.kpi, asked.period.label, asked.scope), b"".join(csv_file(COLUMNS, rows))


def _report(session: Session, parts: Parts, settings: Settings, asked: Filters) -> bytes:
    report = named(parts, REPORT)
    if (run := runs.latest(session, report.key, asked.period.label)) is not None:
        return _printed(document_of(parts, run))
    snapshot = runs.draft(session, report, asked.period, settings)
    return _printed(document(report, snapshot, snapshot.url(f"/reports/{REPORT}/preview")))


def _printed(made: Document) -> bytes:
    """In a process of its own: what it takes to set a whole report would stay with the server."""
    with workers(1) as pool:
        return pool.submit(pdf, made).result()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files with a list of their sums, as `sha256sum --check` reads it."""
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in (*sorted(files.items()), (SUMS, sums.encode())):
            pack.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
