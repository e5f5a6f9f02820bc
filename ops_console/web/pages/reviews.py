"""What did we learn from incidents, what is still to be written, and what contributes most?"""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.decisions import Factor, ReviewState
from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.core.periods import Grain, containing, latest_complete, parse
from ops_console.practices.promises import people
from ops_console.practices.review_text import BY_KEY
from ops_console.practices.review_versions import compared, content
from ops_console.web import factor_words, review_words
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filter_bar import bar, choice, sentence
from ops_console.web.reads import reviews as reads
from ops_console.web.reads.factors import pareto
from ops_console.web.reads.review import review as read_review
from ops_console.web.view import page_of, render, see_other, workspace

pages = Pages("reviews", menu="Reviews", place=52)

Errors = tuple[tuple[str, str], ...]
QUARTERS = 8


@pages.get("/reviews", access=Access.VIEWER)
def reviews() -> str:
    states = [("waiting", "Waiting"), *((state.value, sentence(state.value)) for state in ReviewState)]
    filters = bar(
        choice("state", "State", states), choice("quarter", "Factors of", _quarters(), every="Latest quarter")
    )
    state, quarter = (each.asked for each in filters.choices)
    zone = workspace().zone
    shown = parse(quarter, zone) if quarter else latest_complete(now(), Grain.QUARTER, zone)
    with read() as session:
        paging = page_of(reads.total(session, state))
        rows = reads.reviews(session, state, paging.size, paging.offset)
        found, owners = pareto(session, shown), people(session)
    return render(
        "reviews.html",
        owners=owners,
        filters=filters,
        rows=rows,
        paging=paging,
        pareto=found,
        factor_words=factor_words,
        quarter=shown.label,
        words_of=review_words,
    )


@pages.get("/incidents/<int:incident_id>/review", access=Access.VIEWER)
def review(incident_id: int) -> str:
    return page_of_review(incident_id)


@pages.get("/incidents/<int:incident_id>/review/versions", access=Access.VIEWER)
def versions(incident_id: int) -> str | AnyResponse:
    """What differs between two versions, or one and what stands now."""
    with read() as session:
        found = read_review(session, incident_id)
        texts = {str(version.number): version.content for version in found.versions}
        texts["now"] = content(session, found.review)
    before, after = request.args.get("before", "1"), request.args.get("after", "now")
    if before not in texts or after not in texts:
        raise BadInput("There is no such version.", remedy="Choose two of those listed on the review.")
    return render(
        "review_versions.html",
        found=found,
        before=before,
        after=after,
        choices=[*map(str, sorted(version.number for version in found.versions)), "now"],
        differences=compared(texts[before], texts[after]),
    )


def page_of_review(incident_id: int, errors: Errors = ()) -> str:
    """The page, with what was wrong with a form that was sent from it."""
    with read() as session:
        found, owners = read_review(session, incident_id), people(session)
    return render("review.html", **of_review(found), owners=owners, errors=errors, form=request.form)


def of_review(found: Any) -> dict[str, Any]:
    """What the templates of a review share."""
    return {
        "found": found,
        "review": found.review,
        "incident": found.row.incident,
        "asks": BY_KEY,
        "factors_offered": [(factor.value, sentence(factor.value)) for factor in Factor],
        "words_of": review_words,
    }


def back(incident_id: int, part: str = "") -> AnyResponse:
    return see_other(url_for("reviews.review", incident_id=incident_id, _anchor=part or None))


def _quarters() -> list[tuple[str, str]]:
    last = containing(now(), Grain.QUARTER, workspace().zone)
    return [(last.previous(place).label, f"{last.previous(place).label}") for place in range(QUARTERS)]
