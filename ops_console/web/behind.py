"""The records behind a number, as a table and as CSV: those that count, and those left out with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.measures.readings import Reading
from ops_console.reporting.words import amount
from ops_console.scorecard.read import reading
from ops_console.scorecard.record import Record
from ops_console.scorecard.rows import records
from ops_console.web.filters import Filters
from ops_console.web.view import PAGE_SIZE, Paging, asked_page, workspace

COLUMNS = (
    "record",
    "id",
    "subject",
    "at",
    "label",
    "measure",
    "currency",
    "n",
    "counts",
    "left_out_because",
    "note",
    "url",
)
EVERYTHING = 1_000_000
MEASURES = {Unit.SECONDS: "Took", Unit.SCORE: "Mean score", Unit.MONEY: "Amount", Unit.SHARE: "Hit"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row in words."""

    label: str
    url: str
    subject: str
    at: str
    measure: str
    note: str
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Behind:
    rows: list[Shown]
    paging: Paging
    measured: str
    has_times: bool
    sentence: str


def behind(session: Session, found: Reading) -> Behind:
    """The page of records asked for by `?page=`."""
    number = asked_page()
    offset = (number - 1) * PAGE_SIZE
    place = (found.key, found.scope, found.window_start, found.window_end)
    page = records(session, *place, figure=found.figure, limit=PAGE_SIZE, offset=offset)
    left_out = page.total - page.counted
    sentence = f"{units.count(page.counted)} counted, {units.count(left_out)} left out with the reason beside them."
    return Behind(
        rows=[_shown(each, found) for each in page.rows],
        paging=Paging(number, PAGE_SIZE, page.total),
        measured="Attained" if _has_objectives(found) else MEASURES.get(found.definition.unit, ""),
        has_times=any(each.anchor for each in page.rows),
        sentence=sentence,
    )


def _shown(each: Record, found: Reading) -> Shown:
    return Shown(
        label=each.label or each.subject or "unnamed",
        url=each.url,
        subject=each.subject,
        at=units.instant(each.anchor, workspace().zone) if each.anchor else "",
        measure=_measure(each, found),
        note=each.excluded or each.note,
        is_left_out=each.excluded is not None,
    )


def _has_objectives(found: Reading) -> bool:
    return found.detail.get("slos") is not None


def _measure(each: Record, found: Reading) -> str:
    unit = found.definition.unit
    if each.measure is None or unit is Unit.COUNT:
        return ""
    if unit is Unit.SHARE:
        return _share(each, found)
    text = amount(unit, each.measure, each.currency or found.currency)
    return f"{text}, n={units.count(each.n)}" if each.n is not None else text


def _share(each: Record, found: Reading) -> str:
    """An objective's own share, the share of a part of the figure, or whether the row is a hit."""
    if _has_objectives(found):
        return units.slo_percent(each.measure or 0)
    if each.id is None:
        return units.bare_percent(each.measure or 0)
    return "yes" if each.measure else "no"


def records_csv(session: Session, key: str, asked: Filters) -> tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]:
    """Every record of the window, in full precision."""
    found = reading(session, key, asked.scope, asked.period, now=asked.now)
    page = records(session, key, found.scope, found.window_start, found.window_end, limit=EVERYTHING)
    return COLUMNS, map(_cells, page.rows)


def _cells(each: Record) -> tuple[Any, ...]:
    counts = each.excluded is None
    named = (each.record, each.id, each.subject, each.anchor, each.label)
    return (*named, each.measure, each.currency, each.n, counts, each.excluded, each.note, each.url)
