"""Which KPIs were computed, and until when time was followed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel, col

from ops_console.core.periods import Grain
from ops_console.ingest.bulk import insert_rows
from ops_console.kpis import CATALOGUE
from ops_console.records.scorecard import ComputedKpi
from ops_console.scorecard.reach import Calendar

Window = tuple[Grain, str]
Known = Mapping[str, datetime]
"""Until when, by key; what was never computed under the definition in force is not there."""

COMPUTED = SQLModel.metadata.tables[str(ComputedKpi.__tablename__)]


def computed(session: Session) -> Known:
    """The KPIs computed under the definition in force: not one that was just added, or means something else now. Who
    asks is about to compute: another one who asks waits, and begins with what the first has left.
    """
    session.execute(select(col(ComputedKpi.id)).with_for_update())
    found = session.scalars(select(ComputedKpi)).all()  # by itself: one that waited would not see what was added
    versions = {key: definition.version for key, definition in CATALOGUE.items()}
    return {each.kpi: each.at for each in found if each.definition_version == versions.get(each.kpi)}


def remember(session: Session, known: Known, calendar: Calendar) -> None:
    """That every KPI is computed now; nothing is written while the same periods run."""
    began = max(calendar.running(grain).start for grain in Grain)
    moved = [definition for key, definition in CATALOGUE.items() if key not in known or known[key] < began]
    if moved:
        session.execute(delete(ComputedKpi).where(col(ComputedKpi.kpi).in_([each.key for each in moved])))
        rows = [{"kpi": each.key, "definition_version": each.version, "at": calendar.now} for each in moved]
        insert_rows(session, COMPUTED, rows)
