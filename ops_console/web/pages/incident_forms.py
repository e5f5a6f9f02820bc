"""What a person says of an incident: the release that caused it, and corrections that survive every import."""

from datetime import UTC, datetime, timedelta

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput
from ops_console.records.incidents import Incident
from ops_console.web import incident_decisions
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.incident_corrections import held, say, take_back
from ops_console.web.pages.incidents import page_of_incident
from ops_console.web.refreshed import refreshed
from ops_console.web.told import local
from ops_console.web.view import see_other, workspace

pages = Pages("incident_forms")

TIMES = ("impact_started_at", "detected_at", "acknowledged_at", "mitigated_at", "restored_at")
WORDS = ("severity", "kind", "mitigation")
TRUTHS = ("false_positive", "maintenance", "drill")
SEEN = "seen-"
"""What a field showed when the form was opened stands beside it, so that a stale form reverts nothing."""
Errors = list[tuple[str, str]]
Answer = AnyResponse | tuple[str, int]


@pages.post("/incidents/<int:incident_id>/link", access=Access.EDITOR)
def link(incident_id: int) -> Answer:
    """Confirm a release, or say that none of them caused it."""
    chosen, reason = request.form.get("release", ""), request.form.get("link-reason", "").strip()
    if chosen != "none" and not chosen.isdecimal():
        return page_of_incident(incident_id, (("link", "Choose a release, or none of them."),)), 422
    if not reason:
        return page_of_incident(incident_id, (("link-reason", "Say how you know, in one sentence."),)), 422
    release_id = None if chosen == "none" else int(chosen)
    with write() as session:
        incident_decisions.confirm_link(session, incident_id, release_id, account().email, reason[:300])
    return back(incident_id, "link")


@pages.post("/incidents/<int:incident_id>/unlink", access=Access.EDITOR)
def unlink(incident_id: int) -> Answer:
    with write() as session:
        incident_decisions.withdraw_link(session, incident_id, account().email)
    return back(incident_id, "link")


@pages.post("/incidents/<int:incident_id>/correct", access=Access.EDITOR)
def correct(incident_id: int) -> Answer:
    """Each field that differs from what is known becomes a correction, with one reason for all."""
    reason = request.form.get("reason", "").strip()
    try:
        with write() as session:
            found = held(session, incident_id)
            changes, errors = _changes(found)
            if not reason:
                errors.append(("reason", "Say why, so that the next reader can judge it."))
            if not changes and not errors:
                errors.append(("severity", "Nothing is different from what is known."))
            if not errors:
                say(session, found, "fact corrected", changes, reason)
    except BadInput as error:
        errors = [("reason", str(error))]
    return (page_of_incident(incident_id, tuple(errors)), 422) if errors else back(incident_id, "corrections")


@pages.post("/incidents/<int:incident_id>/undo", access=Access.EDITOR)
def undo(incident_id: int) -> Answer:
    """The source has its say again."""
    with write() as session:
        take_back(session, held(session, incident_id), "correction withdrawn", request.form.get("field", ""))
    return back(incident_id, "corrections")


def back(incident_id: int, part: str) -> AnyResponse:
    """To the part of the page that was changed, with the figures it changes marked."""
    refreshed()
    return see_other(url_for("incidents.incident", incident_id=incident_id, _anchor=part))


def _changes(found: Incident) -> tuple[dict[str, str | bool | None], Errors]:
    """What a person changed in the form, and what of it cannot be."""
    changes: dict[str, str | bool | None] = {}
    errors: Errors = []
    for field in (*WORDS, *TIMES, *TRUTHS):
        stands = _text(found, field)
        text = _as_shown(field, request.form.get(field, "" if field in TRUTHS else stands).strip())
        seen = request.form.get(f"{SEEN}{field}", stands)
        if text in (seen, stands):
            continue
        if seen != stands:
            errors.append((field, f"{_named(field)} was changed while you wrote; see what it is now."))
        elif field in TIMES:
            _read(field, text, changes, errors)
        else:
            changes[field] = text == "true" if field in TRUTHS else text or None
    return changes, errors + _impossible(found, changes)


def _text(found: Incident, field: str) -> str:
    """What the form shows of a field."""
    kept = getattr(found, field)
    if field in TRUTHS:
        return "true" if kept else ""
    return local(kept) if field in TIMES else kept or ""


def _as_shown(field: str, text: str) -> str:
    """What came, as it is shown: of a whole minute a browser sends no seconds."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%dT%H:%M:%S}" if field in TIMES else text
    except ValueError:
        return text


def _named(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _read(field: str, text: str, changes: dict[str, str | bool | None], errors: Errors) -> None:
    try:
        changes[field] = in_workspace_zone(text).isoformat() if text else None
    except ValueError as error:
        errors.append((field, f"{_named(field)}: {error}."))


def in_workspace_zone(text: str) -> datetime:
    """The instant a wall clock in the workspace's zone means; `ValueError` where it means none or two."""
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write it as 2026-10-31 09:00:00") from None
    early, late = (naive.replace(tzinfo=workspace().zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if abs(late - early) > timedelta(0):
        raise ValueError("the clocks changed then; choose a minute outside that hour")
    return early


def _impossible(found: Incident, changes: dict[str, str | bool | None]) -> Errors:
    """A restoration before the beginning cannot be."""
    after = {field: _after(found, changes, field) for field in ("impact_started_at", "detected_at", "restored_at")}
    began, restored = after["impact_started_at"] or after["detected_at"], after["restored_at"]
    if after.keys() & changes.keys() and began and restored and restored < began:
        return [("restored_at", "Restored lies before the beginning; mend one of the two times.")]
    return []


def _after(found: Incident, changes: dict[str, str | bool | None], field: str) -> datetime | None:
    if field not in changes:
        kept: datetime | None = getattr(found, field)
        return kept
    return datetime.fromisoformat(str(changes[field])) if changes[field] else None
