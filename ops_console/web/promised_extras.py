"""What stands beside time to restore: were incidents reviewed in time, and is done what was promised after them?"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import url_for
from markupsafe import Markup
from sqlmodel import Session

from ops_console.core import units
from ops_console.measures.readings import Reading
from ops_console.practices.kept import Closure, Timeliness, closure, timeliness
from ops_console.web.extras import Pairs, Panel
from ops_console.web.view import workspace

BESIDE = "mttr"
MOST_NAMED = 8
LINK = Markup('<a href="{}">{}</a>')


def promised_extras(session: Session, found: Reading, now: datetime) -> list[Panel]:
    """Of the reading's own window and scope; computed as the page is read, because both change by the hour."""
    if found.key != BESIDE:
        return []
    start, end, zone = found.window_start, found.window_end, workspace().zone
    days = start.astimezone(zone).date(), (end - timedelta(milliseconds=1)).astimezone(zone).date()
    reviews = timeliness(session, found.scope, start, end, now)
    actions = closure(session, found.scope, *days, zone, now.astimezone(zone).date())
    panels = [("Reviews demanded", _reviews(reviews, _review)), ("Actions that were due", _actions(actions))]
    return [(title, pairs) for title, pairs in panels if pairs]


def _reviews(of: Timeliness, address: Callable[[int], str]) -> Pairs:
    pairs = [("Handed in within 72 h", _share(of.in_time, of.due))] if of.due else []
    if of.late:
        pairs.append(("Late", _late(of.late, address)))
    counts = [("Still in time", of.waiting), ("Waived", of.waived)]
    return pairs + [(word, units.count(count)) for word, count in counts if count]


def _late(reviews: Sequence[tuple[int, str]], address: Callable[[int], str]) -> Markup:
    more = len(reviews) - MOST_NAMED
    named = Markup(", ").join(LINK.format(address(number), name) for number, name in reviews[:MOST_NAMED])
    return named + f" and {units.count(more)} more" if more > 0 else named


def _review(incident_id: int) -> str:
    return url_for("reviews.review", incident_id=incident_id)


def _actions(of: Closure) -> Pairs:
    if not of.due:
        return []
    shares = [("Done on time", of.on_time), ("Done late", of.late)]
    shares += [("Open and overdue", of.open_overdue), ("Dropped", of.dropped)]
    pairs = [(word, _share(count, of.due)) for word, count in shares]
    return [*pairs, ("Moved back", f"{units.count(of.slips)} times")] if of.slips else pairs


def _share(count: int, of: int) -> str:
    return units.percent(count / of, of=of, k=count)
