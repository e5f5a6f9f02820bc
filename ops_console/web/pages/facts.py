"""How do I enter a fact that no system tells? A form for each kind, made from its class, and lists of what stands."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.facts import KINDS
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest import manual
from ops_console.kpis import CATALOGUE
from ops_console.records.manual import ManualFact
from ops_console.web import fact_check, fact_form, fact_words
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import engine, read
from ops_console.web.reads import manual as reads
from ops_console.web.reads.choices import choices, slugs
from ops_console.web.reads.listing import every
from ops_console.web.refreshed import refreshed
from ops_console.web.told import told
from ops_console.web.view import csv_response, page_of, render, see_other, workspace

pages = Pages("facts")

Errors = list[tuple[str, str]]
Answer = str | tuple[str, int] | AnyResponse
UTC = ZoneInfo("UTC")
MOST_SUGGESTED = 500
COLUMNS = ("external_id", "entered_at", "entered_by", "changed_at", "changed_by", "reason", "deleted")


@pages.get("/facts", access=Access.VIEWER)
def kinds() -> str:
    with read() as session:
        counts = reads.counts(session)
    return render("facts.html", kinds=[(kind, counts.get(kind, 0)) for kind in KINDS])


@pages.get("/facts/<kind>", access=Access.VIEWER)
def entered(kind: str) -> str:
    _known(kind)
    with read() as session:
        paging = page_of(reads.total(session, kind, account()))
        rows = reads.entries(session, kind, account(), paging.size, paging.offset)
    return render("facts_kind.html", kind=kind, rows=rows, paging=paging, told=told)


@pages.get("/facts/<kind>.csv", access=Access.VIEWER)
def download(kind: str) -> Response:
    _known(kind)
    fields = fact_form.names(kind)
    with read() as session:
        rows = every(lambda limit, offset: reads.entries(session, kind, account(), limit, offset))
        return csv_response(kind, (*COLUMNS, *fields), (_cells(row.fact, fields) for row in rows))


def _cells(fact: ManualFact, fields: list[str]) -> list[Any]:
    changed = (fact.made_at, fact.made_by) if fact.made_at != fact.entered_at else (None, None)
    envelope = (fact.external_id, fact.entered_at, fact.entered_by, *changed, fact.reason, fact.removed)
    return [*envelope, *(_cell(fact.said.get(name)) for name in fields)]


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list | dict) else value


@pages.get("/facts/<kind>/new", access=Access.EDITOR)
def new(kind: str) -> str:
    _known(kind)
    return _form(kind, {"id": manual.new_id(), **_begun(kind)}, [])


@pages.post("/facts/<kind>/new", access=Access.EDITOR)
def take(kind: str) -> Answer:
    _known(kind)
    given = _given()
    fact, errors = fact_check.fact_of(kind, given, _zone(kind))
    if fact is None:
        return _form(kind, given, errors), 422
    with read() as session:
        before = manual.standing(session, kind, given.get("id", ""))
    if before is not None and before.said == manual.said(fact):
        return _saved(kind, before.external_id, "new")  # it was sent twice
    external_id = given.get("id", "") if before is None and manual.IS_ID(given.get("id", "")) else manual.new_id()
    try:
        with engine() as own:
            manual.enter(own, external_id, fact, account().email)
    except BadInput as error:
        return _form(kind, given, fact_check.refused(kind, error)), 422
    return _saved(kind, external_id, "new")


@pages.get("/facts/<kind>/<external_id>", access=Access.EDITOR)
def fact(kind: str, external_id: str) -> str:
    """The form filled for a change."""
    before = _found(kind, external_id)
    return _form(kind, fact_form.typed(kind, before.said, _zone(kind)), [], before)


@pages.post("/facts/<kind>/<external_id>", access=Access.EDITOR)
def change(kind: str, external_id: str) -> Answer:
    before, given = _found(kind, external_id), _given()
    fact, errors = fact_check.fact_of(kind, given, _zone(kind))
    errors += _without_reason(given)
    if fact is None or errors:
        return _form(kind, given, errors, before), 422
    if manual.said(fact) == before.said and not before.removed:
        return _saved(kind, external_id, "same")
    try:
        with engine() as own:
            manual.change(own, before, fact, account().email, given["reason"].strip()[:300])
    except BadInput as error:
        return _form(kind, given, fact_check.refused(kind, error), before), 422
    return _saved(kind, external_id, "changed")


@pages.get("/facts/<kind>/<external_id>/delete", access=Access.EDITOR)
def ask(kind: str, external_id: str) -> str:
    return _question(_found(kind, external_id), [])


@pages.post("/facts/<kind>/<external_id>/delete", access=Access.EDITOR)
def delete(kind: str, external_id: str) -> Answer:
    before = _found(kind, external_id)
    if errors := _without_reason(request.form):
        return _question(before, errors), 422
    if not before.removed:
        with engine() as own:
            manual.remove(own, before, account().email, request.form["reason"].strip()[:300])
    refreshed()
    return see_other(url_for("facts.entered", kind=kind))


def _given() -> dict[str, str]:
    """What the form says; of several boxes that are ticked, a line each."""
    return {name: "\n".join(texts) for name, texts in request.form.lists()}


def _begun(kind: str) -> dict[str, str]:
    """What the link to the form has filled in already."""
    return {fact_form.PREFIX + name: request.args[name] for name in fact_form.names(kind) if name in request.args}


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise NotFound(f"{kind!r} is no kind of fact.", remedy="Choose one from the list of kinds.")


def _found(kind: str, external_id: str) -> ManualFact:
    _known(kind)
    with read() as session:
        found = manual.standing(session, kind, external_id)
    if found is None:
        raise NotFound(f"No {external_id} was entered by hand.", remedy="Look for it in the list of its kind.")
    if not reads.may_see(found, account()):
        raise Forbidden("This is about a person. Who entered it, the person named and managers may see it.")
    return found


def _zone(kind: str) -> ZoneInfo:
    """Bills are kept in UTC, everything else in the workspace's zone."""
    return UTC if kind == manual.COSTS else workspace().zone


def _without_reason(given: Mapping[str, str]) -> Errors:
    return [] if given.get("reason", "").strip() else [("reason", "Say why, so that the next reader can judge it.")]


def _saved(kind: str, external_id: str, how: str) -> AnyResponse:
    refreshed()
    return see_other(url_for("facts.fact", kind=kind, external_id=external_id, saved=how))


def _form(kind: str, given: Mapping[str, str], errors: Errors, before: ManualFact | None = None) -> str:
    with read() as session:
        suggested = {"models": slugs(session)[:MOST_SUGGESTED], "teams": choices(session).teams[:MOST_SUGGESTED]}
        versions = reads.versions(session, kind, before.external_id) if before else []
    needed, more = fact_form.fields(kind, given, _zone(kind))
    return render(
        "facts_form.html",
        kind=kind,
        given=given,
        errors=errors,
        before=before,
        versions=versions,
        needed=needed,
        more=more,
        suggested=suggested,
        saved=request.args.get("saved", ""),
        feeds=[kpi for kpi in CATALOGUE.values() if kind in kpi.facts],
    )


def _question(before: ManualFact, errors: Errors) -> str:
    said = [(fact_words.label(name), told(value)) for name, value in before.said.items()]
    return render("facts_delete.html", before=before, said=said, errors=errors, given=request.form)
