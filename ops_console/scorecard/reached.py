"""How far facts reach that come in later than the clock, such as a bill: what is compared with them ends there too."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from ops_console.measures.definition import Definition
from ops_console.scorecard.extent import last_of
from ops_console.scorecard.judge import Case
from ops_console.scorecard.moving import Aspect, Moving, after

DAY = timedelta(days=1)
Last = dict[Definition, datetime | None]


def with_reached(session: Session, cases: Sequence[Case]) -> list[Case]:
    last = _last(session, (case.definition for case in cases if case.is_running))
    return [replace(case, reached=_end(last.get(case.definition), case.period.zone)) for case in cases]


def as_far_as_reached(session: Session, wanted: Sequence[Moving]) -> list[Moving]:
    last = _last(session, (each.definition for each in wanted if each.aspect is Aspect.SO_FAR))
    return [replace(each, reached=_end(last.get(each.definition), each.period.zone)) for each in wanted]


def _last(session: Session, definitions: Iterable[Definition]) -> Last:
    return {each: last_of(session, each.aggregate) for each in dict.fromkeys(definitions) if each.late}


def _end(last: datetime | None, zone: str) -> datetime | None:
    """Each of a day's facts stands at its beginning."""
    return after(DAY, last, zone) if last else None
