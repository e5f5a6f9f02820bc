"""A review to keep or send elsewhere: Markdown and PDF, of what stands now or of an approved version."""

from datetime import datetime

from flask import Response, request, url_for

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.practices.review_markdown import Head, markdown
from ops_console.practices.review_versions import Content, content, hash_of
from ops_console.records.reviews import ReviewVersion
from ops_console.reporting.render.pdf import pdf
from ops_console.reporting.review_document import document
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import read
from ops_console.web.reads.review import ReviewDetail
from ops_console.web.reads.review import review as read_review
from ops_console.web.review_words import REVIEWS
from ops_console.web.view import workspace

pages = Pages("review_files")


@pages.get("/incidents/<int:incident_id>/review.md", access=Access.VIEWER)
def as_markdown(incident_id: int) -> Response:
    head, said, _, run = _asked(incident_id)
    response = Response(markdown(head, said), mimetype="text/markdown")
    response.headers.set("Content-Disposition", "attachment", filename=f"{run}.md")
    return response


@pages.get("/incidents/<int:incident_id>/review.pdf", access=Access.VIEWER)
def as_pdf(incident_id: int) -> Response:
    head, said, at, run = _asked(incident_id)
    base = _base()
    link = f"{base}{url_for('reviews.review', incident_id=incident_id)}"
    made = pdf(document(head, said, at, link, f"{base}{url_for('help.definitions')}", run))
    response = Response(made, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{run}.pdf")
    return response


def _base() -> str:
    return console().settings.base_url.rstrip("/")


def _asked(incident_id: int) -> tuple[Head, Content, datetime, str]:
    """What stands above, what it says, since when, and what to call it."""
    number = request.args.get("version", "")
    with read() as session:
        found = read_review(session, incident_id)
        if not number:
            said = content(session, found.review)
            return _head(found, _standing(found, said)), said, now(), f"review-{incident_id}-draft"
    version = next((each for each in found.versions if str(each.number) == number), None)
    if version is None:
        raise NotFound(f"There is no version {number[:20]} of this review.", remedy="Choose one of those listed.")
    return (
        _head(found, _approved(version)),
        version.content,
        version.approved_at,
        f"review-{incident_id}-v{version.number}",
    )


def _standing(found: ReviewDetail, said: Content) -> str:
    """What stands now, seen from the latest approval."""
    if not found.versions:
        return "Draft"
    latest = found.versions[0]
    return _approved(latest) if latest.content_hash == hash_of(said) else f"As it stands now, after {_approved(latest)}"


def _approved(version: ReviewVersion) -> str:
    on = units.instant(version.approved_at, workspace().zone)
    return f"{version.number}, approved by {version.approved_by}, {on}, hash {version.content_hash[:16]}"


def _head(found: ReviewDetail, version: str) -> Head:
    incident, zone = found.row.incident, workspace().zone
    facts = (
        ("Incident", incident.external_id),
        ("Model", f"{found.row.slug}, tier {found.row.tier}" if found.row.tier else found.row.slug),
        ("Severity", incident.severity or ""),
        ("Began", units.instant(incident.began_at, zone) if incident.began_at else ""),
        ("Restored", units.instant(incident.restored_at, zone) if incident.restored_at else ""),
        ("State", REVIEWS[found.review.state][2]),
        ("Version", version),
    )
    return Head(f"Review: {incident.title}", tuple((name, value) for name, value in facts if value), zone, _base())
