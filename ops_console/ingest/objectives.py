"""The objective each SLO had at any time. Every dated statement is kept, so that their order does not matter."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import SloFact
from ops_console.core.clock import milliseconds, now
from ops_console.ingest.finish_delivery import ppm
from ops_console.ingest.recorded import ALWAYS
from ops_console.ingest.tables import chunks, objectives, slos

BEGINNING, END = ALWAYS


def keep_objectives(session: Session, source: str, told: Sequence[Fact]) -> None:
    """Enter what each fact, even one that came late, says of its SLO's objective from its `updated_at` on."""
    facts = [fact for fact in told if isinstance(fact, SloFact) and not fact.deleted]
    keys: dict[str, int] = {}
    for part in chunks({fact.external_id for fact in facts}):
        rows = session.execute(
            select(slos.c.external_id, slos.c.id).where(slos.c.source == source, slos.c.external_id.in_(part))
        )
        keys |= {row.external_id: row.id for row in rows}
    history = _history(session, list(keys.values()))
    for fact in facts:
        at = None if fact.updated_at is None else milliseconds(fact.updated_at)
        _state(history[keys[fact.external_id]], at, ppm(fact.objective_percent))
    _rewrite(session, history)


def _history(session: Session, keys: list[int]) -> dict[int, dict[int, int]]:
    """By SLO, its objective by the instant from which it held."""
    found: dict[int, dict[int, int]] = {key: {} for key in keys}
    for part in chunks(keys):
        for row in session.execute(select(objectives).where(objectives.c.slo_id.in_(part))):
            found[row.slo_id][row.valid_from] = row.objective_ppm
    return found


def _state(held: dict[int, int], at: int | None, objective: int) -> None:
    if at is not None:
        held[at] = objective
    elif not held:
        held[BEGINNING] = objective
    elif held[max(held)] != objective:
        held[milliseconds(now())] = objective
    # What the earliest dated statement says held before it, too: nobody told otherwise.
    if at is not None:
        held[BEGINNING] = held[min(since for since in held if since != BEGINNING)]


def _rewrite(session: Session, history: Mapping[int, Mapping[int, int]]) -> None:
    rows = []
    for slo, held in history.items():
        since = sorted(held)
        for began, ended in zip(since, [*since[1:], END], strict=True):
            rows.append({"slo_id": slo, "valid_from": began, "valid_to": ended, "objective_ppm": held[began]})
    for part in chunks(history):
        session.execute(delete(objectives).where(objectives.c.slo_id.in_(part)))
    if rows:
        session.execute(insert(objectives), rows)
