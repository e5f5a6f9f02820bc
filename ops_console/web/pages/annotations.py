"""What people write beside the chart of a KPI, change and withdraw."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.scorecard.annotations import annotate, withdraw
from ops_console.web import annotation_form
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.pages.kpis import page_of_kpi
from ops_console.web.view import see_other

pages = Pages("annotations")

Answer = AnyResponse | tuple[str, int]


@pages.post("/kpis/<key>/annotations", access=Access.EDITOR)
def add(key: str) -> Answer:
    """Write one down; a change is another one, which replaces the first."""
    form, by = request.form.to_dict(), account().email
    wanted, errors = annotation_form.read(key, form)
    if wanted is None:
        return page_of_kpi(key, form, errors), 422
    with write() as session:
        row = annotate(
            session,
            kind=wanted.kind,
            text=wanted.text,
            scope=wanted.scope,
            kpi=wanted.kpi,
            from_at=wanted.from_at,
            until_at=wanted.until_at,
            by=by,
        )
        if request.args.get("change", "").isdecimal():
            withdraw(session, int(request.args["change"]), by, "Replaced by another wording.", row.id)
    return back(key, "annotations")


@pages.post("/kpis/<key>/annotations/<int:number>/withdraw", access=Access.EDITOR)
def take_back(key: str, number: int) -> Answer:
    form = request.form.to_dict()
    why = annotation_form.one_line(form.get("note-why", ""))
    if not why:
        return page_of_kpi(key, form, [("note-why", "Say why, so that the next reader can judge it.")]), 422
    with write() as session:
        withdraw(session, number, account().email, why[:300])
    return back(key, "annotations")


def back(key: str, part: str) -> AnyResponse:
    """The page of the KPI as it was asked for, at one of its parts."""
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name not in ("change", "baseline")}
    return see_other(url_for("kpis.kpi", key=key, **asked, _anchor=part))
