"""Reviews for other systems: where each stands, what contributed, what people wrote."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field
from sqlmodel import Session
from typing_extensions import TypedDict

from ops_console.contracts.decisions import Factor, ReviewState
from ops_console.core.clock import Moment, iso, now
from ops_console.core.errors import NotFound
from ops_console.practices.review_timeline import lines
from ops_console.practices.review_versions import versions
from ops_console.practices.review_writing import sections
from ops_console.records import audit
from ops_console.records.reviews import IncidentReview, ReviewFactor
from ops_console.web.access import Access
from ops_console.web.api._api import Api
from ops_console.web.api._bodies import Next
from ops_console.web.api._cursor import of_query
from ops_console.web.api._practice import About, OfIncidents, about, moment, page, require_known
from ops_console.web.database import read
from ops_console.web.operation import Answer, Number
from ops_console.web.reads import reviews as reads
from ops_console.web.reads.reviews import ReviewRow, Wanted

pages = Api("api_reviews", "Practices", review_id=Number("review"))


class ReviewStanding(StrEnum):
    """A state of a review; `waiting` is any before it is approved or waived."""

    WAITING = "waiting"
    DUE = ReviewState.DUE.value
    DRAFT = ReviewState.DRAFT.value
    IN_REVIEW = ReviewState.IN_REVIEW.value
    APPROVED = ReviewState.APPROVED.value
    CLOSED = ReviewState.CLOSED.value
    WAIVED = ReviewState.WAIVED.value


class ReviewsAsked(OfIncidents):
    """Which reviews."""

    state: ReviewStanding | None = Field(None, description="Where it stands.", examples=["waiting"])


class Contributed(TypedDict):
    """One of several factors, with what it was here."""

    factor: Factor
    note: str


class ReviewHead(TypedDict):
    """One review. `restored_at` is the first restoration, from which the clock runs; `held_at` when it was first
    handed in; `is_late` that it was not, or not in time.
    """

    id: int
    state: ReviewState
    incident: About | None
    model: str
    required_because: list[str]
    restored_at: Moment | None
    due_at: Moment | None
    late_at: Moment | None
    is_late: bool
    author: str | None
    made_at: Moment
    held_at: Moment | None
    approved_at: Moment | None
    approved_by: str | None
    closed_at: Moment | None
    waived_at: Moment | None
    waived_by: str | None
    waived_reason: str
    factors: list[Contributed]


class Reviews(TypedDict):
    """A page of reviews, those opened last first."""

    rows: list[ReviewHead]
    next: Next


class Part(TypedDict):
    """One part of the text, as it stands now."""

    key: str
    title: str
    text: str
    revision: int
    changed_by: str
    changed_at: Moment


class TimelineLine(TypedDict):
    """One line of the timeline."""

    at: Moment
    text: str
    source: str
    link: str | None


class Version(TypedDict):
    """What was approved, by its hash."""

    number: int
    content_hash: str
    approved_by: str
    approved_at: Moment


class ReviewBody(TypedDict):
    """One review with its text, its timeline and the versions that were approved."""

    review: ReviewHead
    parts: list[Part]
    timeline: list[TimelineLine]
    versions: list[Version]


@pages.get("/api/v1/reviews", access=Access.token("reviews:read"))
def reviews(asked: ReviewsAsked) -> Answer[Reviews]:
    """Reviews

    Of incidents, those opened last first, with the factors that contributed.
    """
    listed = of_query("reviews", asked)
    before = listed.place(asked.cursor) if asked.cursor else None
    wanted = Wanted(asked.state, asked.model, asked.incident)
    with read() as session:
        require_known(session, asked)
        rows, goes_on = page(reads.listed(session, wanted, asked.limit + 1, before), asked.limit)
        told = _heads(session, rows)
    body: Reviews = {"rows": told, "next": listed.next(rows[-1].review.id if goes_on else None)}
    return Answer(body, next=body["next"])


@pages.get("/api/v1/reviews/<review_id>", access=Access.token("reviews:read"))
def one_review(review_id: int) -> Answer[ReviewBody]:
    """One review

    Everything that people wrote together, with the timeline.
    """
    with read() as session:
        found = reads.by_number(session, review_id)
        if found is None:
            raise NotFound(f"There is no review {review_id}.")
        (head,) = _heads(session, [found])
        return Answer({"review": head, **_written(session, found.review)})


class _Written(TypedDict):
    parts: list[Part]
    timeline: list[TimelineLine]
    versions: list[Version]


def _written(session: Session, review: IncidentReview) -> _Written:
    number = audit.number(review)
    return {
        "parts": [
            {
                "key": each.key,
                "title": each.title,
                "text": each.text,
                "revision": each.revision,
                "changed_by": each.changed_by,
                "changed_at": iso(each.changed_at),
            }
            for each in sections(session, number)
        ],
        "timeline": [
            {"at": iso(line.at), "text": line.text, "source": line.source, "link": line.link}
            for line in lines(session, number)
        ],
        "versions": [
            {
                "number": each.number,
                "content_hash": each.content_hash,
                "approved_by": each.approved_by,
                "approved_at": iso(each.approved_at),
            }
            for each in versions(session, number)
        ],
    }


def _heads(session: Session, rows: Sequence[ReviewRow]) -> list[ReviewHead]:
    factors = reads.factors(session, rows)
    return [_head(row, factors.get(audit.number(row.review), [])) for row in rows]


def _head(row: ReviewRow, factors: Sequence[ReviewFactor]) -> ReviewHead:
    review = row.review
    return {
        "id": audit.number(review),
        "state": ReviewState(review.state),
        "incident": about(row.incident),
        "model": row.slug,
        "required_because": list(review.required_because),
        "restored_at": moment(review.restored_at),
        "due_at": moment(review.due_at),
        "late_at": moment(review.late_at),
        "is_late": row.is_late(now()),
        "author": review.author,
        "made_at": iso(review.made_at),
        "held_at": moment(review.held_at),
        "approved_at": moment(review.approved_at),
        "approved_by": review.approved_by,
        "closed_at": moment(review.closed_at),
        "waived_at": moment(review.waived_at),
        "waived_by": review.waived_by,
        "waived_reason": review.waived_reason,
        "factors": [{"factor": Factor(each.factor), "note": each.note} for each in factors],
    }
