"""From where on is a KPI another process? A manager says so, with a reason, and may take it back."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput
from ops_console.core.periods import parse
from ops_console.scorecard.baselines import start, withdraw
from ops_console.web.access import Access, Pages
from ops_console.web.annotation_form import one_line
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.filters import filters
from ops_console.web.pages.annotations import Answer, back
from ops_console.web.pages.kpis import page_of_kpi
from ops_console.web.view import workspace

pages = Pages("baselines")

WHY = "Say why, so that the next reader can judge it."


@pages.post("/kpis/<key>/baselines", access=Access.MANAGER)
def begin(key: str) -> Answer:
    """For the scope the page is about."""
    form = request.form.to_dict()
    reason, errors = one_line(form.get("baseline-reason", "")), []
    try:
        period = parse(form.get("baseline-from", ""), workspace().zone)
    except BadInput:
        errors.append(("baseline-from", "Choose the period it begins with."))
    if not reason:
        errors.append(("baseline-reason", WHY))
    if errors:
        return page_of_kpi(key, form, errors), 422
    with write() as session:
        start(session, key, filters().scope, period.start, account().email, reason[:300])
    return back(key, "annotations")


@pages.post("/kpis/<key>/baselines/<int:number>/withdraw", access=Access.MANAGER)
def take_back(key: str, number: int) -> Answer | AnyResponse:
    form = request.form.to_dict()
    reason = one_line(form.get("baseline-why", ""))
    if not reason:
        return page_of_kpi(key, form, [("baseline-why", WHY)]), 422
    with write() as session:
        withdraw(session, number, account().email, reason[:300])
    return back(key, "annotations")
