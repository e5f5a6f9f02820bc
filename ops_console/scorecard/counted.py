"""Releases and incidents beside a figure: counted by period, since a chart of thousands of them would show nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.core.clock import milliseconds
from ops_console.core.columns import instant
from ops_console.core.periods import Period
from ops_console.measures.aggregates import AnySelect
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import Scope
from ops_console.records.incidents import Incident, is_real
from ops_console.scorecard.candidates import stretch
from ops_console.scorecard.placed import place
from ops_console.scorecard.points import load_past
from ops_console.scorecard.wanted import of_grain, of_scope

RELEASES = "model_deployments"
"""The KPI that counts them; a chart says the same number."""
Counts = Mapping[datetime, int]


def with_counts(session: Session, found: Reading, kinds: Collection[AnnotationKind]) -> Reading:
    """The reading with what was asked for beside it, one statement a kind."""
    periods = [point.period for point in found.history]
    if not periods:
        return found
    told = [
        Annotation(period.start, kind, until=period.end, scope=found.scope, count=counts[period.start])
        for kind, count in COUNTERS.items()
        if kind in kinds
        for counts in [count(session, found.scope, periods)]
        for period in periods
        if period.start in counts
    ]
    return replace(found, annotations=(*found.annotations, *told))


def _releases(session: Session, scope: Scope, periods: Sequence[Period]) -> Counts:
    wanted = of_grain(periods[0].grain, [RELEASES], periods[0].start, periods[-1].end) & of_scope(scope)
    releases = load_past(session, wanted).get((RELEASES, scope), {})
    return {starts_at: int(past.k or 0) for starts_at, past in releases.items()}


def _incidents(session: Session, scope: Scope, periods: Sequence[Period]) -> Counts:
    anchor = col(Incident.began_at)
    began: AnySelect = select(anchor.label("anchor"), col(Incident.entry_id).label("entry_id"))
    found = began.where(is_real(), anchor >= periods[0].start, anchor < periods[-1].end).subquery("found")
    placed, within = place(session, found, scope)
    bucket = stretch([milliseconds(period.start) for period in periods]).label("bucket")
    counted = select(bucket, func.count()).select_from(placed).where(within).group_by(bucket)
    return {instant(starts): number for starts, number in session.execute(counted)}


COUNTERS: Mapping[AnnotationKind, Callable[[Session, Scope, Sequence[Period]], Counts]] = {
    AnnotationKind.RELEASE: _releases,
    AnnotationKind.INCIDENT: _incidents,
}
