"""Facts that people enter: kept as they were said, then through the door like any other, from the source `manual`.

What was said is committed before it goes through the door, so that a crash between the two loses nothing: saving it
once more brings both together.
"""

import re
import secrets
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import CostFact
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.errors import BadInput
from ops_console.ingest.contest import OLDER, REFUSED
from ops_console.ingest.cost_ledger import forget_part
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.ingest.summary import FILTERED, RowResult
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.manual import ManualFact

SOURCE, ORIGIN = "manual", "Form"
SUBJECT = "fact"
Told = dict[str, Any] | None
OURS = ("source", "external_id", "updated_at", "deleted")
"""Fields of the envelope, which nobody types."""
NOT_TAKEN = (REFUSED, OLDER, FILTERED)
REMEDY = "Something else delivers facts from the source manual, or a mapping is saved for it."
COSTS = CostFact.kind_of_fact


class NotTaken(BadInput):
    """The door refused the fact; `field` is what the reason is about, where it is about one."""

    def __init__(self, refused: RowResult) -> None:
        super().__init__(
            refused.reason or f"It was not taken: {refused.result}.", remedy="" if refused.reason else REMEDY
        )
        self.field = refused.column


IS_ID = re.compile(r"hand-[0-9a-f]{8}").fullmatch


def new_id() -> str:
    """An id for a fact that is about to be entered."""
    return f"hand-{secrets.token_hex(4)}"


def standing(session: Session, kind: str, external_id: str) -> ManualFact | None:
    """The newest version of a fact that somebody entered."""
    mine = (col(ManualFact.kind) == kind, col(ManualFact.external_id) == external_id)
    return session.scalars(select(ManualFact).where(*mine).order_by(col(ManualFact.id).desc()).limit(1)).first()


def said(fact: Fact) -> dict[str, Any]:
    """What a person said, as a row of a file would say it."""
    return fact.model_dump(mode="json", exclude=set(OURS), exclude_defaults=True)


def enter(engine: Engine, external_id: str, fact: Fact, by: str) -> None:
    """A new fact, under an id of its own."""
    at = now()
    first: dict[str, Any] = {"entered_by": by, "entered_at": at, "made_by": by, "made_at": at}
    _put(engine, ManualFact(kind=fact.kind_of_fact, external_id=external_id, **_told(said(fact)), **first))


def change(engine: Engine, before: ManualFact, fact: Fact, by: str, reason: str) -> None:
    """Another version of it; one that was removed stands again."""
    _put(engine, _following(before, by, reason, **_told(said(fact))))
    if isinstance(fact, CostFact):
        with transaction(engine) as session:
            forget_part(session, SOURCE, before.external_id, but=f"{fact.billing_period_start:%Y-%m}")


def remove(engine: Engine, before: ManualFact, by: str, reason: str) -> None:
    """It no longer counts; what was said is kept here."""
    version = _following(before, by, reason, **_told(before.said), removed=True)
    if version.kind != COSTS:
        _put(engine, version)
        return
    with transaction(engine) as session:
        _keep(session, version)
        forget_part(session, SOURCE, version.external_id)


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    return {"said": fields, "person": fields.get("person")}


def _following(before: ManualFact, by: str, reason: str, **changes: Any) -> ManualFact:
    kept = {name: getattr(before, name) for name in ("kind", "external_id", "entered_by", "entered_at")}
    return ManualFact(**kept, made_by=by, made_at=now(), reason=reason, **changes)


def _put(engine: Engine, version: ManualFact) -> None:
    """Keep a version and let it through the door; what the door refuses is not kept."""
    with transaction(engine) as session:
        _keep(session, version)
    is_taken = False
    try:
        refused = _through_the_door(engine, version)
        is_taken = refused is None
    finally:
        if not is_taken:
            with transaction(engine) as session:
                _let_go(session, version)
    if refused is not None:
        raise NotTaken(refused)


def _keep(session: Session, version: ManualFact) -> None:
    """A version, with its entry in the trail."""
    before = standing(session, version.kind, version.external_id)
    session.add(version)
    session.flush()
    did = "fact removed" if version.removed else "fact changed" if before else "fact entered"
    after = None if version.removed else _named(version)
    was = _named(before) if before and not before.removed else None
    audit.record(session, _decision(did, version, was, after, version.reason))


def _let_go(session: Session, version: ManualFact) -> None:
    session.execute(delete(ManualFact).where(col(ManualFact.id) == version.id))
    standing_now = standing(session, version.kind, version.external_id)
    after = _named(standing_now) if standing_now and not standing_now.removed else None
    audit.record(session, _decision("fact not taken", version, _named(version), after))


def _decision(did: str, version: ManualFact, before: Told, after: Told, reason: str = "") -> Decision:
    return Decision(did, SUBJECT, audit.number(version), version.made_by, before, after, reason)


def _named(version: ManualFact) -> dict[str, Any]:
    return {"kind": version.kind, "id": version.external_id, **version.said}


def _through_the_door(engine: Engine, version: ManualFact) -> RowResult | None:
    """What was not taken and why, if anything was not."""
    row = {"external_id": version.external_id, "updated_at": version.made_at.isoformat(), **version.said}
    if version.removed:
        row["deleted"] = True
    part = version.external_id if version.kind == COSTS else ""
    delivery = Delivery(version.kind, SOURCE, made_by=version.made_by, origin=ORIGIN, part=part)
    results = import_rows(engine, [row], delivery).results
    return next((result for result in results if result.result in NOT_TAKEN), None)
