"""What do we hold ourselves to, since when, and who said so? Defaults, targets people set, and their effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.kpis import CATALOGUE
from ops_console.measures import scopes
from ops_console.measures.definition import Bounds, Definition
from ops_console.measures.scopes import Scope
from ops_console.records.targets import Target
from ops_console.reporting import words
from ops_console.reporting.words.judgement import STATUSES
from ops_console.scorecard.targets import Effect, effect_preview, set_target
from ops_console.scorecard.targets import targets as set_targets
from ops_console.scorecard.targets import withdraw as withdraw_target
from ops_console.web import target_form
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read, write
from ops_console.web.filters import scope_choices
from ops_console.web.view import render, see_other, workspace

pages = Pages("targets", menu="Targets", place=80)
EVER = datetime(1970, 1, 1, tzinfo=UTC)

STATES = {
    "in_force": ("good", "●", "In force"),
    "upcoming": ("none", "○", "Not yet"),
    "replaced": ("none", "○", "Replaced"),
    "withdrawn": ("none", "○", "No target from then on"),
}
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SetTarget:
    """One target somebody set, in words, and whether it is the one that counts today."""

    target: Target
    scope: Scope
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class KpiTargets:
    """One KPI: its defaults by tier, and what people set, the newest first."""

    definition: Definition
    defaults: list[tuple[str, str]]
    kept: list[SetTarget]


@pages.get("/settings/targets", access=Access.VIEWER)
def targets() -> str:
    with read() as session:
        kept = set_targets(session)
    every = [_of(definition, kept) for definition in CATALOGUE.values()]
    return render("targets.html", every=every, states=STATES, units=units)


@pages.get("/settings/targets/<key>", access=Access.MANAGER)
def target(key: str) -> str:
    return _form(_definition(key), {}, [])


@pages.post("/settings/targets/<key>", access=Access.MANAGER)
def take(key: str) -> str | tuple[str, int] | AnyResponse:
    """ "See the effect" shows which periods would change status; "Set target" sets it."""
    definition, given = _definition(key), request.form.to_dict()
    bounds, errors = target_form.read_bounds(definition, given)
    from_at = target_form.read_day(given.get("from", ""))
    if from_at is None:
        errors.append(("from", "Write the first day as 2026-11-01."))
    if not given.get("reason", "").strip():
        errors.append(("reason", "Say why, so that the next reader can judge it."))
    if errors or from_at is None:
        return _form(definition, given, errors), 422
    scope = scopes.parse(given.get("scope") or "workspace")
    if given.get("then") != "set":
        with read() as session:
            effects = effect_preview(session, key, scope, bounds, from_at)
            had_it_held = [] if effects else effect_preview(session, key, scope, bounds, EVER)
        return _form(definition, given, [], effects=effects, had_it_held=had_it_held, proposed=bounds)
    with write() as session:
        set_target(session, key, scope, bounds, from_at, account().email, given["reason"].strip()[:500])
    return see_other(url_for("targets.targets", _anchor=key))


@pages.post("/settings/targets/<key>/withdraw", access=Access.MANAGER)
def withdraw(key: str) -> str | tuple[str, int] | AnyResponse:
    """From a day on this scope has no target of its own."""
    definition, given = _definition(key), request.form.to_dict()
    from_at = target_form.read_day(given.get("until", ""))
    if from_at is None:
        return _form(definition, {}, [("until", "Write the first day without the target as 2026-11-01.")]), 422
    reason = given.get("why", "").strip()[:500]
    with write() as session:
        withdraw_target(session, key, scopes.parse(given.get("scope", "")), from_at, account().email, reason)
    return see_other(url_for("targets.targets", _anchor=key))


def _definition(key: str) -> Definition:
    if key not in CATALOGUE:
        raise NotFound(f"{key!r} is no KPI.", remedy="Choose one on the targets page.")
    return CATALOGUE[key]


def _form(
    definition: Definition,
    given: dict[str, str],
    errors: Errors,
    *,
    effects: list[Effect] | None = None,
    had_it_held: Sequence[Effect] = (),
    proposed: Bounds | None = None,
) -> str:
    with read() as session:
        mine, choices = _of(definition, set_targets(session)), _scopes(session)
    return render(
        "targets_one.html",
        mine=mine,
        definition=definition,
        given={"from": _today(), "scope": "workspace"} | given,
        errors=errors,
        effects=effects,
        had_it_held=had_it_held,
        proposed=words.held_to(definition, proposed, definition.per) if proposed else "",
        scopes=choices,
        spoken=target_form.spoken(definition),
        ends=target_form.ends(definition),
        states=STATES,
        statuses=STATUSES,
        today=_today(),
        units=units,
    )


def _scopes(session: Session) -> dict[str, list[tuple[str, str]]]:
    return {"": [("workspace", "All models")]} | scope_choices(session)


def _today() -> str:
    return now().astimezone(workspace().zone).date().isoformat()


def _of(definition: Definition, kept: Sequence[Target]) -> KpiTargets:
    mine = [each for each in kept if each.kpi == definition.key]
    order = sorted(definition.targets.items(), key=lambda item: item[0] or 0)
    defaults = [
        (f"Tier {tier}" if tier else "All models", words.held_to(definition, bounds, definition.per))
        for tier, bounds in order
    ]
    return KpiTargets(definition, defaults, _judged(definition, mine, now()))


def _judged(definition: Definition, mine: list[Target], moment: datetime) -> list[SetTarget]:
    """Newest first; of each scope the newest that has begun is the one in force."""
    found, begun = [], set()
    for each in sorted(mine, key=lambda target: (target.from_at, target.id or 0), reverse=True):
        scope = Scope(scopes.ScopeKind(each.scope_kind), each.scope_key)
        state = "upcoming" if each.from_at > moment else "replaced" if scope in begun else "in_force"
        if state == "in_force":
            begun.add(scope)
            state = "withdrawn" if each.withdrawn else state
        bounds = Bounds(each.low, each.high, all(default.strict for default in definition.targets.values()))
        text = "no target" if each.withdrawn else words.held_to(definition, bounds, definition.per)
        found.append(SetTarget(each, scope, text, state))
    return found
