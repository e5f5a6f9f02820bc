"""Until when each finding was waived, as it stood at any time: a waiver given today excuses nothing of last month.

Every dated statement is kept, so that their order does not matter.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import and_, delete, insert, select
from sqlmodel import Session

from ops_console.contracts.fact import Fact
from ops_console.contracts.operations_facts import FindingFact
from ops_console.core.clock import milliseconds, now
from ops_console.ingest.days import day_end
from ops_console.ingest.tables import among, findings, waivers
from ops_console.records.workspace import current

W = waivers.c
Ends = dict[int, int | None]
"""The end of a waiver, or none, by the instant from which on it was said."""


def keep_waivers(session: Session, source: str, told: Sequence[Fact]) -> None:
    """Enter what each fact, even one that came late, says of its finding's waiver from its `updated_at` on. A source
    that dates nothing says it when it is heard.
    """
    facts = [fact for fact in told if isinstance(fact, FindingFact) and not fact.deleted]
    ours = and_(findings.c.source == source, among(findings.c.external_id, {fact.external_id for fact in facts}))
    rows = session.execute(select(findings.c.external_id, findings.c.id).where(ours))
    keys: dict[str, int] = {row.external_id: row.id for row in rows}
    zone, heard_at = current(session).zone, milliseconds(now())
    numbers: dict[tuple[int, int], int] = {}
    held: defaultdict[int, Ends] = defaultdict(dict)
    for row in session.execute(select(waivers).where(among(W.finding_id, keys.values()))):
        numbers[row.finding_id, row.stated_at] = row.id
        held[row.finding_id][row.stated_at] = row.until_at
    stated: dict[tuple[int, int], int | None] = {}
    for fact in facts:
        finding, until = keys[fact.external_id], day_end(fact.waived_until, zone)
        at = heard_at if fact.updated_at is None else milliseconds(fact.updated_at)
        if fact.updated_at is not None or _latest(held[finding]) != until:
            held[finding][at] = stated[finding, at] = until
    session.execute(delete(waivers).where(among(W.id, [numbers[key] for key in stated if key in numbers])))
    if stated:
        told_now = ({"finding_id": finding, "stated_at": at, "until_at": end} for (finding, at), end in stated.items())
        session.execute(insert(waivers), list(told_now))


def _latest(ends: Ends) -> int | None:
    """What was said last; where nothing was, nothing is waived."""
    return ends[max(ends)] if ends else None
