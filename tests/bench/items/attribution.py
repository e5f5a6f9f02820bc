"""Attribution of every incident to a release, beside one plain statement that finds the same candidates."""

from collections.abc import Iterator

from sqlalchemy import select, text

from ops_console.core.db import transaction
from ops_console.ingest.conclude import Touched, conclude
from ops_console.records.incidents import Incident
from tests.bench.ground import Bench
from tests.bench.table import Figure, seconds

PLAIN = """
    SELECT i.id, coalesce(
        (SELECT d.release_id FROM deployment d WHERE d.external_id = i.caused_by),
        (SELECT r.id FROM release r WHERE r.entry_id = i.entry_id AND r.environment = 'production'
           AND r.live_at <= i.began_at AND r.live_at > i.began_at - 86400000 ORDER BY r.live_at DESC LIMIT 1))
    FROM incident i"""


def measure(bench: Bench) -> Iterator[Figure]:
    engine = bench.engine
    with transaction(engine) as session:
        rows = session.execute(select(Incident.external_id, Incident.entry_id, Incident.began_at)).all()  # type: ignore[call-overload]
        spans = [(began, began) for _, _, began in rows]
        touched = Touched("incidents", {entry for _, entry, _ in rows}, {name for name, _, _ in rows}, spans)
        ours = seconds(lambda: conclude(session, touched))
        plain = seconds(lambda: session.execute(text(PLAIN)).all())
        found = session.execute(text("SELECT method, count(*) FROM incident_link GROUP BY 1 ORDER BY 1")).all()
        session.rollback()
    note = ", ".join(f"{count:,} {method}" for method, count in found)
    yield Figure(f"attribution of {len(rows):,} incidents", ours, "s", 1.0, plain, note)
