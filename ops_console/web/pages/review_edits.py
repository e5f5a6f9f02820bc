"""Writing a review together: parts, factors, comments. Nobody's words are lost, whoever saves first."""

from collections.abc import Sequence

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput
from ops_console.practices import reviews
from ops_console.practices.blame import hints
from ops_console.practices.promises import people
from ops_console.practices.review_pasting import paste
from ops_console.practices.review_states import WRITABLE
from ops_console.practices.review_writing import GONE, Conflict, Written, add_part, remove_part, save
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read, write
from ops_console.web.pages.reviews import Errors, back, of_review
from ops_console.web.reads.review import review as read_review
from ops_console.web.view import render, see_other

pages = Pages("review_edits")

Answer = AnyResponse | tuple[str, int]
TEXT, REVISION, TITLE = "text-", "revision-", "title-"


@pages.get("/incidents/<int:incident_id>/review/edit", access=Access.EDITOR)
def form(incident_id: int) -> str:
    return _form(incident_id)


@pages.post("/incidents/<int:incident_id>/review/edit", access=Access.EDITOR)
def write_down(incident_id: int) -> Answer:
    """What nobody else touched is kept at once; where somebody did, both texts are shown."""
    written = {key.removeprefix(TEXT): text for key, text in request.form.items() if key.startswith(TEXT)}
    try:
        with write() as session:
            conflicts = save(session, reviews.get(session, incident_id), _seen(written), account().email)
    except BadInput as error:
        return _form(incident_id, errors=(("written", str(error)),), typed=written), 422
    return (_form(incident_id, conflicts), 409) if conflicts else back(incident_id)


@pages.post("/incidents/<int:incident_id>/review/parts", access=Access.EDITOR)
def add(incident_id: int) -> Answer:
    title, text = request.form.get("part-title", ""), request.form.get("part-text", "")
    try:
        with write() as session:
            add_part(session, reviews.get(session, incident_id), title, account().email, text)
    except BadInput as error:
        return _form(incident_id, errors=(("part-title", str(error)),)), 422
    return see_other(url_for("review_edits.form", incident_id=incident_id))


@pages.post("/incidents/<int:incident_id>/review/parts/<key>/remove", access=Access.EDITOR)
def remove(incident_id: int, key: str) -> Answer:
    with write() as session:
        remove_part(session, reviews.get(session, incident_id), key, account().email)
    return see_other(url_for("review_edits.form", incident_id=incident_id))


@pages.post("/incidents/<int:incident_id>/review/paste", access=Access.EDITOR)
def take_over(incident_id: int) -> Answer:
    """A document written elsewhere: each of its sections finds a part, or becomes one."""
    text = request.form.get("markdown", "")
    if not text.strip():
        return _form(incident_id, errors=(("markdown", "Paste the document first."),)), 422
    try:
        with write() as session:
            paste(session, reviews.get(session, incident_id), text, account().email)
    except BadInput as error:
        return _form(incident_id, errors=(("markdown", str(error)),)), 422
    return back(incident_id)


def _seen(written: dict[str, str]) -> dict[str, Written]:
    revisions = {key: request.form.get(f"{REVISION}{key}", "") for key in written}
    return {key: Written(written[key], int(seen) if seen.isdecimal() else GONE) for key, seen in revisions.items()}


def _form(
    incident_id: int,
    conflicts: Sequence[Conflict] = (),
    errors: Errors = (),
    typed: dict[str, str] | None = None,
) -> str:
    """Every part with its prompts and hints; of a part two people changed, both texts."""
    with read() as session:
        found = read_review(session, incident_id)
        names = frozenset(name for name in people(session).values() if " " in name)
    mine = {each.key: each for each in conflicts}
    shown = {part.key: (typed or {}).get(part.key, part.text) for part in found.parts}
    shown |= {key: each.yours for key, each in mine.items()}
    return render(
        "review_edit.html",
        **of_review(found),
        texts=shown,
        conflicts=mine,
        gone=[(request.form.get(f"{TITLE}{each.key}", ""), each.yours) for each in conflicts if each.revision == GONE],
        hints={key: hints(text, names) for key, text in shown.items()},
        is_open=found.review.state in WRITABLE,
        errors=errors + tuple(_told(each) for each in conflicts),
        form=request.form,
    )


def _told(conflict: Conflict) -> tuple[str, str]:
    if conflict.revision == GONE:
        return (
            "part-title",
            "Somebody removed a part while you wrote in it; your words stand in the form for a new one.",
        )
    sentence = (
        f"{conflict.title}: {conflict.by} changed it while you wrote. Both texts stand below; join them and save."
    )
    return f"{TEXT}{conflict.key}", sentence
