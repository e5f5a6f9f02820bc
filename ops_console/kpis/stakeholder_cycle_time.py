"""Stakeholder cycle time: from a request to the first thing the requester can use."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, case, cast, func, literal, null, select
from sqlmodel import col

from ops_console.contracts.vocabulary import RequestClass
from ops_console.core.clock import MILLISECOND
from ops_console.core.columns import milliseconds_between
from ops_console.measures.aggregates import AnySelect
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.measures.scopes import TEAMS
from ops_console.records.requests import Request

DAY = 86_400
SKEW = timedelta(minutes=5) // MILLISECOND
OPEN = "still open"
UNKNOWN = "no time of first use"


def stakeholder_cycle_time() -> Duration:
    """Time from a request being submitted to the first output that the requester could use, in calendar days, over
    requests of the class standard, by the day of that output. The headline is the median. The clock starts when the
    request is submitted, not when it is accepted, and stops at the first usable output, not when the ticket is closed
    or when a reopened one is closed again. Requests that are done without a known time of first use lower the coverage.
    Left out and counted: complex requests, requests without a class, those cancelled before there was anything to use,
    deleted ones, and those usable more than five minutes before they were submitted. Requests still open are not in the
    median; those submitted in the window are counted, with the oldest. Time spent waiting for the requester stands
    beside, among the stages, and is never taken off.
    """
    ms = milliseconds_between(Request.submitted_at, Request.first_usable_at)
    unanswered = col(Request.first_usable_at).is_(None)
    answered = _arm(Request.first_usable_at, ms, (ms < -SKEW, literal("usable before it was submitted")))
    done = _arm(Request.done_at, ms, (unanswered, literal(UNKNOWN))).where(unanswered)
    waiting = _arm(Request.submitted_at, ms, (unanswered, literal(OPEN))).where(
        unanswered, col(Request.done_at).is_(None)
    )
    return Duration(
        rows=(answered, done, waiting),
        record="request",
        headline="median",
        stages=("submitted_to_accepted", "accepted_to_usable", "waiting_for_requester"),
        unknown=UNKNOWN,
        waiting=OPEN,
    )


def _arm(anchor: Any, ms: ColumnElement[int], why_not: tuple[ColumnElement[bool], ColumnElement[str]]) -> AnySelect:
    cancelled = col(Request.cancelled_at) <= func.coalesce(Request.first_usable_at, Request.cancelled_at)
    excluded = case(
        (col(Request.deleted_at).is_not(None), literal("deleted")),
        (col(Request.class_).is_(None), literal("class not given")),
        (col(Request.class_) != RequestClass.STANDARD.value, literal("complex")),
        (cancelled, literal("cancelled")),
        why_not,
        else_=null(),
    )
    return select(
        anchor.label("anchor"),
        cast(null(), BigInteger).label("entry_id"),
        col(Request.id).label("record_id"),
        col(Request.title).label("label"),
        excluded.label("excluded"),
        col(Request.team).label("team"),
        ms.label("ms"),
        milliseconds_between(Request.submitted_at, Request.accepted_at).label("submitted_to_accepted"),
        milliseconds_between(Request.accepted_at, Request.first_usable_at).label("accepted_to_usable"),
        cast(func.round(cast(Request.waiting_seconds, Float) * 1000), BigInteger).label("waiting_for_requester"),
    )


DEFINITION = Definition(
    key="stakeholder_cycle_time",
    number=17,
    title="Stakeholder cycle time",
    question="How long does a team wait for what it asked for?",
    formula="Median of (first usable output − submitted), over standard requests",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    compute=stakeholder_cycle_time,
    targets={None: Bounds(high=14 * DAY)},
    window_days=90,
    widens=True,
    minimum=5,
    facts=("requests",),
    statistic="median",
    best=0,
    scopes=TEAMS,
    nothing="No requests",
)
