"""Did it work? Ninety days after an action was done the facts say whether its incident came back.

An action names what must not come back (a factor) and where (a model or service). It **recurred** when a later incident
there has a review that names the factor. It was **effective** when none has, and there was enough exposure: releases,
where the factor can only show with one, else days in production. Otherwise it is **unproven**, as it is when a similar
incident has not been reviewed, so that nobody knows what it came from.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import WITH_RELEASES, ActionState, Effect, Factor, ReviewState
from ops_console.practices.exposure import Exposure
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview, ReviewFactor

WATCH = timedelta(days=90)
LEAST_RELEASES, LEAST_DAYS = 3, 60
"""Exposure below which silence proves nothing."""
JUDGED = (ReviewState.IN_REVIEW, ReviewState.APPROVED, ReviewState.CLOSED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`incident_id` is the recurrence and `incident` what its source calls it; `exposure` counts releases or days in
    production of the watch window.
    """

    effect: Effect
    until: datetime
    exposure: int = 0
    counts_releases: bool = False
    incident_id: int | None = None
    incident: str = ""
    unreviewed: int = 0


@dataclass(frozen=True, slots=True)
class _Later:
    """An incident on the same model after the action, and what its review says it came from."""

    number: int
    name: str
    began: datetime
    kind: str | None
    factors: frozenset[str]
    is_judged: bool


def verdicts(session: Session, actions: Iterable[Action], at: datetime) -> dict[int, Verdict]:
    """By number of the action; a constant number of statements. What is not done, or names no factor, has none."""
    watched = [each for each in actions if each.state == ActionState.DONE and each.done_at and each.cause]
    watched = [each for each in watched if each.entry_id is not None]
    if not watched:
        return {}
    entries = sorted({each.entry_id for each in watched if each.entry_id is not None})
    since = min(each.done_at for each in watched if each.done_at)
    later, kinds = _later(session, entries, since), _kinds(session, watched)
    exposure = Exposure(session, entries, since)
    return {audit.number(each): _verdict(each, later, kinds, exposure, at) for each in watched}


def _verdict(
    action: Action, later: dict[int, list[_Later]], kinds: dict[int, str | None], exposure: "Exposure", at: datetime
) -> Verdict:
    done, entry, cause = action.done_at or at, action.entry_id or 0, Factor(action.cause or "")
    until = done + WATCH
    within = [each for each in later.get(entry, []) if done < each.began <= min(until, at)]
    kind, by_release = kinds.get(action.incident_id or 0), cause in WITH_RELEASES
    seen = exposure.releases(entry, done, min(until, at)) if by_release else exposure.days(entry, done, min(until, at))
    unreviewed = sum(not each.is_judged and each.kind == kind for each in within)
    back = next((each for each in within if each.is_judged and cause in each.factors), None)
    if back is not None:
        return Verdict(Effect.RECURRED, until, seen, by_release, back.number, back.name, unreviewed)
    if at < until:
        return Verdict(Effect.WATCHING, until, seen, by_release, unreviewed=unreviewed)
    enough = seen >= (LEAST_RELEASES if by_release else LEAST_DAYS)
    effect = Effect.EFFECTIVE if enough and not unreviewed else Effect.UNPROVEN
    return Verdict(effect, until, seen, by_release, unreviewed=unreviewed)


def _later(session: Session, entries: Sequence[int], since: datetime) -> dict[int, list[_Later]]:
    wanted = (
        select(*map(col, (Incident.id, Incident.external_id, Incident.entry_id, Incident.began_at, Incident.kind)))
        .where(col(Incident.entry_id).in_(entries), col(Incident.began_at) > since, is_real())
        .order_by(col(Incident.began_at))
    )
    rows = session.execute(wanted).all()
    named: dict[int, set[str]] = defaultdict(set)
    judged: set[int] = set()
    reviewed = (
        select(col(IncidentReview.incident_id), col(IncidentReview.state), col(ReviewFactor.factor))
        .join(ReviewFactor, col(ReviewFactor.review_id) == IncidentReview.id)
        .where(col(IncidentReview.incident_id).in_([row.id for row in rows]))
    )
    for incident, state, factor in session.execute(reviewed):
        if state in JUDGED:
            judged.add(incident)
            named[incident].add(factor)
    found: dict[int, list[_Later]] = defaultdict(list)
    for row in rows:
        factors = frozenset(named[row.id])
        later = _Later(row.id, row.external_id, row.began_at, row.kind, factors, row.id in judged)
        found[row.entry_id].append(later)
    return found


def _kinds(session: Session, actions: Sequence[Action]) -> dict[int, str | None]:
    numbers = {each.incident_id for each in actions if each.incident_id}
    rows = session.execute(select(col(Incident.id), col(Incident.kind)).where(col(Incident.id).in_(numbers)))
    return {row.id: row.kind for row in rows}
