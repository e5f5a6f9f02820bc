"""What one person hears of on one day."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.contracts.document import Document, Heading, Line, Lines, Section, Tone
from ops_console.core import units
from ops_console.practices import digests
from ops_console.practices.promises import people
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident
from ops_console.records.reminders import Digest, Reminder
from ops_console.records.reviews import IncidentReview
from ops_console.records.workspace import current

TITLES = {"action": "Actions", "review": "Reviews"}


def message(session: Session, digest: Digest, base_url: str) -> Document:
    """What one person hears of on one day: each action or review once, however many occasions it had."""
    zone, told = current(session).zone, digests.told_by(session, digest.id or 0)
    sections = tuple(_sections(session, told, base_url, digest))
    of_others = _tells_of_others(session, told, digest)
    title = _title(len({(each.subject, each.number) for each in told}), of_others)
    return Document(
        report="reminders",
        title=title,
        subject=f"{title}, {units.day(digest.day)}",
        context=f"For {digest.recipient}",
        period_label=units.day(digest.day),
        run_id=f"reminder-{digest.day.isoformat()}",
        as_of=digest.made_at,
        as_of_text=f"As of {units.instant(digest.made_at, zone)}. One message a day at most.",
        summary=(),
        sections=sections,
        link=f"{base_url}/actions?state=overdue" if of_others else f"{base_url}/actions?owner=me&state=owed",
        definitions_link=f"{base_url}/help",
        link_says="See what is overdue" if of_others else "See what you owe",
        definitions_say="Help",
    )


def _tells_of_others(session: Session, told: Sequence[Reminder], digest: Digest) -> bool:
    """A manager hears of what other people owe, too."""
    owed = {each.number for each in told if each.subject == "action"}
    others = select(func.count()).where(col(Action.id).in_(owed), col(Action.owner) != digest.recipient)
    return bool(session.scalar(others))


def _title(count: int, of_others: bool) -> str:
    if of_others:
        return f"{count} promises wait" if count != 1 else "A promise waits"
    return f"{count} of your promises" if count != 1 else "One of your promises"


def _sections(session: Session, told: Sequence[Reminder], base_url: str, digest: Digest) -> Iterator[Section]:
    numbers = {subject: {each.number for each in told if each.subject == subject} for subject in TITLES}
    actions = select(Action, col(Incident.external_id)).outerjoin(Incident, col(Incident.id) == Action.incident_id)
    actions = actions.where(col(Action.id).in_(numbers["action"])).order_by(col(Action.due_on), col(Action.id))
    reviews = select(IncidentReview, Incident).join(Incident, col(Incident.id) == IncidentReview.incident_id)
    reviews = reviews.where(col(IncidentReview.id).in_(numbers["review"])).order_by(col(IncidentReview.id))
    names = people(session)
    found = {
        "action": [_action(row[0], row[1], names, base_url, digest) for row in session.execute(actions)],
        "review": [_review(row[0], row[1], base_url, digest) for row in session.execute(reviews)],
    }
    for subject, lines in found.items():
        if lines:
            yield Section(subject, TITLES[subject], (Heading(TITLES[subject]), Lines(tuple(lines))))


def _action(action: Action, incident: str | None, names: Mapping[str, str], base_url: str, digest: Digest) -> Line:
    days = (digest.day - action.due_on).days
    when = f"{_days(days)} overdue" if days > 0 else "due today" if days == 0 else f"due in {_days(-days)}"
    whose = "" if action.owner == digest.recipient else f", owed by {names.get(action.owner) or action.owner}"
    after = f" (after {incident})" if incident else ""
    icon, tone = ("■", Tone.BAD) if days > 0 else ("▲", Tone.WATCH) if days == 0 else ("○", Tone.NONE)
    return Line(f"{action.title}{after}: {when}{whose}", icon, tone, f"{base_url}/actions/{action.id}")


def _review(review: IncidentReview, incident: Incident, base_url: str, digest: Digest) -> Line:
    is_late = review.late_at is not None and digest.made_at > review.late_at
    is_due = review.due_at is not None and digest.made_at > review.due_at
    when = "late" if is_late else "due" if is_due else "to be written"
    icon, tone = ("■", Tone.BAD) if is_late else ("▲", Tone.WATCH)
    text = f"Review of {incident.external_id} {incident.title}: {when}"
    return Line(text, icon, tone, f"{base_url}/incidents/{incident.id}/review")


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
