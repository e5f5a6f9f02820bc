"""What went out, to whom, did it arrive?"""

from typing import Any

from flask import Response, redirect, request, url_for
from markupsafe import Markup
from sqlmodel import Session, col, func, select
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.core.periods import Period, asked
from ops_console.records.reports import Delivery, ReportRun
from ops_console.reporting import ledger, runs
from ops_console.reporting.composing import TEST, document
from ops_console.reporting.delivery import Post, send_test
from ops_console.reporting.packing import document_of, package
from ops_console.reporting.publishing import DEMO, REMEDIES, nobody, publish, refuse
from ops_console.reporting.readers import addressed
from ops_console.reporting.render.page import fragment
from ops_console.reporting.render.pdf import pdf
from ops_console.reporting.report import Report, named, of
from ops_console.reporting.schedule import Calendar
from ops_console.web import auth
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import engine, read
from ops_console.web.view import page_of, render, see_other, url_with, workspace

pages = Pages("reports", menu="Reports", place=60)

STATES = {
    "sent": ("good", "●", "Sent"),
    "delivered": ("good", "●", "Delivered"),
    "partly_sent": ("watch", "▲", "Partly sent"),
    "held": ("watch", "▲", "Held"),
    "sending": ("none", "○", "Sending"),
    "pending": ("none", "○", "Pending"),
    "unknown": ("watch", "▲", "Unknown"),
    "failed": ("bad", "■", "Failed"),
    "skipped": ("none", "○", "Not sent"),
    "queued": ("none", "○", "Queued"),
    "collecting": ("none", "○", "Collecting"),
}
"""Runs and deliveries alike, as tags say them."""


@pages.get("/reports", access=Access.VIEWER)
def reports() -> str:
    with read() as session:
        total = session.exec(select(func.count()).select_from(ReportRun)).one()
        paging = page_of(total)
        listed = _runs(session, paging.offset, paging.size)
    offered = [_offered(of(module)) for module in console().parts.reports.values()]
    hindrance = DEMO if workspace().is_demo else ""
    return render(
        "reports.html",
        offered=offered,
        runs=listed,
        paging=paging,
        hindrance=hindrance,
        remedy=REMEDIES.get(hindrance, ""),
        states=STATES,
    )


def _runs(session: Session, offset: int, limit: int) -> list[dict[str, Any]]:
    """Newest first, each with how many deliveries arrived."""
    arrived = func.count(col(Delivery.id)).filter(col(Delivery.state) == "delivered")
    columns = (ReportRun.id, ReportRun.report, ReportRun.period, ReportRun.revision, ReportRun.state)
    more = (ReportRun.reason, ReportRun.made_at, ReportRun.sent_at, ReportRun.is_late)
    chosen = [col(each) for each in (*columns, *more)]
    rows = session.connection().execute(
        select(*chosen, arrived.label("arrived"), func.count(col(Delivery.id)).label("deliveries"))  # type: ignore[call-overload]
        .outerjoin(Delivery, col(Delivery.run_id) == ReportRun.id)
        .group_by(*chosen)
        .order_by(col(ReportRun.made_at).desc())
        .limit(limit)
        .offset(offset)
    )
    return [dict(row._mapping) for row in rows]


def _offered(report: Report) -> dict[str, Any]:
    calendar = Calendar(workspace().zone, workspace().country)
    return {
        "report": report,
        "next": report.schedule.next(now(), calendar),
        "preview": url_for("reports.preview", name=report.key),
        "receivers": [(channel, name) for channel, names in _post(report).recipients().items() for name in names],
        "remedy": REMEDIES[nobody(report)],
    }


@pages.get("/reports/<name>/preview", access=Access.VIEWER)
def preview(name: str) -> str:
    report, period = named(console().parts, name), None
    with read() as session:
        period = _period(report)
        known = runs.latest(session, report.key, period.label)
        snapshot = runs.draft(session, report, period, console().settings)
    made = document(report, snapshot, snapshot.url(f"/reports/{name}/preview"))
    hindrance = _hindrance(report)
    return render(
        "report_preview.html",
        report=report,
        period=period,
        known=known,
        article=_article(fragment(made)),
        hindrance=hindrance,
        remedy=REMEDIES.get(hindrance, ""),
        can_send=not hindrance,
        previous_address=url_with(period=period.previous().label),
        next_address=url_with(period=period.next().label) if period.end <= now() else None,
    )


def _article(markup: str) -> Markup:
    return Markup(markup)  # noqa: S704  (rendered with every text escaped)


def _period(report: Report) -> Period:
    """The period in the address, else the newest complete one."""
    zone, label = workspace().zone, request.values.get("period")
    period = asked(label, report.grain, now(), zone)
    if period.grain is not report.grain:
        raise NotFound(f"{report.title} is about one {report.grain}; {label} is none.")
    return period


def _post(report: Report) -> Post:
    return Post(console().parts.channels, addressed(report.readers, console().settings))


def _hindrance(report: Report) -> str:
    """Why nothing can be sent from here; empty if it can."""
    if workspace().is_demo:
        return DEMO
    return "" if _post(report).recipients() else nobody(report)


@pages.post("/reports/<name>/test", access=Access.EDITOR)
def test(name: str) -> AnyResponse:
    """One e-mail to the person who pressed, marked TEST."""
    report = named(console().parts, name)
    if hindrance := _hindrance(report):
        raise refuse(hindrance)
    period = _period(report)
    with read() as session:
        snapshot = runs.draft(session, report, period, console().settings)
    made = document(report, snapshot, snapshot.url(f"/reports/{name}/preview"), (TEST,))
    send_test(_post(report), "email", auth.account().email, package(made))
    return see_other(url_for("reports.preview", name=name, period=period.label, tested=1))


@pages.post("/reports/<name>/send", access=Access.MANAGER)
def send(name: str) -> AnyResponse:
    """Freeze it and send it to everyone who has not got it."""
    report, here = named(console().parts, name), console()
    period, by = _period(report), auth.account().email
    note = request.form.get("note", "").strip()[:600]
    with engine() as own:
        done = publish(own, here.parts, here.settings, report, period, made_by=by, note=note, asked=True)
    return redirect(url_for("reports.run", number=done.run.id), code=303)


@pages.get("/reports/runs/<int:number>", access=Access.VIEWER)
def run(number: int) -> str:
    with read() as session:
        found = _found(session, number)
        rows = ledger.rows(session, found)
        changes = runs.changed_since(session, found)
    report = named(console().parts, found.report)
    return render(
        "report_run.html",
        run=found,
        label=ledger.run_label(found),
        title=report.title,
        deliveries=rows,
        changes=changes,
        article=_article(fragment(document_of(console().parts, found))),
        states=STATES,
        can_retry=any(row.state in ("failed", "pending") for row in rows) and not _hindrance(report),
    )


@pages.get("/reports/runs/<int:number>.pdf", access=Access.VIEWER)
def run_pdf(number: int) -> Response:
    with read() as session:
        found = _found(session, number)
    response = Response(pdf(document_of(console().parts, found)), mimetype="application/pdf")
    name = f"{found.report}_{found.period}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _found(session: Session, number: int) -> ReportRun:
    found = session.get(ReportRun, number)
    if found is None:
        raise NotFound(f"There is no report run {number}.", remedy="Choose one from the list of reports.")
    return found
