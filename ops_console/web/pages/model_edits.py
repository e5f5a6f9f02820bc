"""What do I know better than the sources? A person's word on a model: it wins over them and can be withdrawn."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.vocabulary import Lifecycle, ModelKind
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.criteria_asked import key_of
from ops_console.ingest.entry_edits import EDITABLE, edit_entry, withdraw_edit
from ops_console.ingest.standing import LISTS
from ops_console.records.catalog import CatalogEntry
from ops_console.records.criteria import ATTESTED
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.criterion_form import MONITORS
from ops_console.web.database import read, write
from ops_console.web.reads import model as reads
from ops_console.web.reads.choices import choices
from ops_console.web.reads.governance import criteria_at
from ops_console.web.refreshed import refreshed
from ops_console.web.view import render, see_other

pages = Pages("model_edits")

CHOSEN = ("paved_road", "monitors")
"""Lists of which a form ticks the words."""
Errors = list[tuple[str, str]]
Answer = str | tuple[str, int] | AnyResponse


@pages.get("/models/<slug>/edit", access=Access.EDITOR)
def edit(slug: str) -> str:
    entry = _entry(slug)
    return _form(entry, {name: getattr(entry, name) for name in EDITABLE}, [])


@pages.post("/models/<slug>/edit", access=Access.EDITOR)
def take(slug: str) -> Answer:
    """Each field that differs from what is known is set, with one reason for all."""
    entry = _entry(slug)
    given, reason = _given(), request.form.get("reason", "").strip()
    changed = {name: value for name, value in given.items() if value != _known(entry, name)}
    errors: Errors = []
    if not reason:
        errors.append(("reason", "Say why, so that the next reader can judge it."))
    if not changed:
        errors.append(("tier", "Nothing is different from what is known."))
    if not errors:
        try:
            with write() as session:
                edit_entry(session, slug, changed, account().email, reason[:500])
        except BadInput as error:
            field = str(error).partition(" ")[0]
            errors.append((field if field in EDITABLE else "reason", str(error)))
    if errors:
        return _form(entry, given | {"reason": reason}, errors), 422
    return _back(slug)


@pages.post("/models/<slug>/withdraw", access=Access.EDITOR)
def withdraw(slug: str) -> Answer:
    """The sources have their say of a field again."""
    with write() as session:
        withdraw_edit(session, slug, request.form.get("field", ""), account().email)
    return _back(slug)


def _back(slug: str) -> AnyResponse:
    refreshed()
    return see_other(url_for("model.model", slug=slug, tab="governance"))


def _entry(slug: str) -> CatalogEntry:
    with read() as session:
        entry = reads.entry(session, slug)
    if entry is None or entry.provisional:
        raise NotFound(f"There is no model {slug!r}.", remedy="Look for it among the models.")
    return entry


def _given() -> dict[str, Any]:
    """The form's words: text, or lists of names; what is empty is none."""
    found: dict[str, Any] = {}
    for name in EDITABLE:
        text = request.form.get(name, "").strip()
        if name in CHOSEN:
            found[name] = sorted(request.form.getlist(name))
        elif name in LISTS:
            found[name] = [part.strip() for part in text.split(";") if part.strip()]
        else:
            found[name] = text or None
    return found


def _known(entry: CatalogEntry, name: str) -> Any:
    value = getattr(entry, name)
    if name in CHOSEN:
        return sorted(value)
    return value if name in LISTS or value is None else str(value)


def _form(entry: CatalogEntry, given: Mapping[str, Any], errors: Errors) -> str:
    with read() as session:
        attested = [each for each in criteria_at(session, now()) if each.proof.startswith(ATTESTED)]
        offered = choices(session)
        return render(
            "models_edit.html",
            entry=entry,
            given={"reason": ""} | dict(given),
            errors=errors,
            kinds=list(ModelKind),
            lifecycles=list(Lifecycle),
            monitors=MONITORS,
            road=_road(entry, [(each.key, each.title) for each in attested]),
            teams=offered.teams,
        )


def _road(entry: CatalogEntry, asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What can be attested: what is asked for, spelt as the catalog spells it, and whatever else stands there."""
    spelt = {key_of(name): name for name in entry.paved_road}
    wanted = [(spelt.pop(key, key), title) for key, title in asked]
    return wanted + [(name, name) for name in spelt.values()]
