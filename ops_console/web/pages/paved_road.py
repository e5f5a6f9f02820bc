"""What must a model have to be on the paved road, since when, and who said so?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.criteria import effect, every_criterion, set_criterion, withdraw_criterion
from ops_console.records.criteria import Criterion
from ops_console.web import criterion_form, proof_words
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read, write
from ops_console.web.reads.governance import adoption, criteria_at
from ops_console.web.refreshed import refreshed
from ops_console.web.target_form import read_day
from ops_console.web.view import render, see_other, workspace

pages = Pages("paved_road")

Errors = list[tuple[str, str]]
Answer = str | tuple[str, int] | AnyResponse


@dataclass(frozen=True, slots=True)
class Effect:
    """What a criterion would change: how many pass, and who would no longer or newly."""

    before: int
    after: int
    lost: list[str]
    won: list[str]


@pages.get("/settings/paved-road", access=Access.VIEWER)
def criteria() -> str:
    moment = now()
    with read() as session:
        in_force = criteria_at(session, moment)
        every = every_criterion(session)
        counted = adoption(session, in_force, moment)
    current = {each.id for each in in_force}
    others = sorted((each for each in every if each.id not in current), key=lambda each: each.from_at, reverse=True)
    return render(
        "paved_road.html",
        in_force=in_force,
        others=[(each, _state(each, moment)) for each in others],
        adoption=counted,
        words=proof_words.words,
        today=_today(),
        units=units,
    )


@pages.get("/settings/paved-road/add", access=Access.MANAGER)
def add() -> str:
    return _form(None, {}, [])


@pages.post("/settings/paved-road/add", access=Access.MANAGER)
def take_new() -> Answer:
    return _take(None)


@pages.get("/settings/paved-road/criteria/<key>", access=Access.MANAGER)
def criterion(key: str) -> str:
    return _form(_found(key), {}, [])


@pages.post("/settings/paved-road/criteria/<key>", access=Access.MANAGER)
def take(key: str) -> Answer:
    return _take(_found(key))


@pages.post("/settings/paved-road/criteria/<key>/withdraw", access=Access.MANAGER)
def withdraw(key: str) -> Answer:
    """From a day on it is not asked for."""
    found, from_at = _found(key), read_day(request.form.get("until", ""))
    if from_at is None:
        return _form(found, {}, [("until", "Write the first day without the criterion as 2026-11-01.")]), 422
    with write() as session:
        withdraw_criterion(session, key, from_at, account().email, request.form.get("why", "").strip()[:500])
    refreshed()
    return see_other(url_for("paved_road.criteria"))


def _take(found: Criterion | None) -> Answer:
    """ "See the effect" counts who would pass; "Set criterion" sets it."""
    given = request.form.to_dict() | {"monitors": request.form.getlist("monitors")}
    asked, from_at, errors = criterion_form.read(given, found.key if found else "")
    if found is None and asked is not None and (clash := _taken(asked.key)):
        errors.append(("title", clash))
    if errors or asked is None or from_at is None:
        return _form(found, given, errors), 422
    try:
        with write() as session:
            if given.get("then") != "set":
                at = max(from_at, now())
                shown = _effect(*effect(session, asked.key, asked.wanted, from_at, at))
                return _form(found, given, [], shown)
            reason = str(given["reason"]).strip()[:500]
            set_criterion(session, asked.key, asked.wanted, from_at, account().email, reason)
    except BadInput as error:
        return _form(found, given, [("proof", str(error))]), 422
    refreshed()
    return see_other(url_for("paved_road.criteria"))


def _taken(key: str) -> str:
    with read() as session:
        kept = [each for each in every_criterion(session) if each.key == key]
    return f"There is a criterion {key} already; change it, or choose another title." if kept else ""


def _effect(before: set[str], after: set[str]) -> Effect:
    return Effect(len(before), len(after), sorted(before - after), sorted(after - before))


def _found(key: str) -> Criterion:
    with read() as session:
        kept = next((each for each in every_criterion(session) if each.key == key), None)
    if kept is None:
        raise NotFound(f"There is no criterion {key!r}.", remedy="Choose one on the paved-road page.")
    return kept


def _form(found: Criterion | None, given: Mapping[str, Any], errors: Errors, shown: Effect | None = None) -> str:
    return render(
        "paved_road_one.html",
        criterion=found,
        given=criterion_form.filled(found, _today()) | dict(given),
        errors=errors,
        effect=shown,
        kinds=proof_words.KINDS,
        monitors=criterion_form.MONITORS,
        words=proof_words.words,
        today=_today(),
        units=units,
    )


def _state(each: Criterion, moment: datetime) -> tuple[str, str, str]:
    if each.from_at > moment:
        return "none", "○", "Not yet"
    if each.until_at > moment:
        return "none", "○", "Withdrawn"
    return "none", "○", "Replaced"


def _today() -> str:
    return now().astimezone(workspace().zone).date().isoformat()
