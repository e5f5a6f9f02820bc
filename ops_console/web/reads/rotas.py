"""Schedules and where nobody is on them."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.clock import milliseconds
from ops_console.measures.duties import Piece
from ops_console.measures.rota import Rota, rota
from ops_console.records.alerts import Shift
from ops_console.records.people import Person


def rotas(session: Session, start: datetime, end: datetime) -> list[Rota]:
    """Every schedule with a shift in the stretch, by name."""
    columns = (col(Shift.schedule), col(Shift.started_at), col(Shift.ended_at))
    touching = (col(Shift.deleted_at).is_(None), col(Shift.started_at) < end, col(Shift.ended_at) > start)
    shifts: defaultdict[str, list[Piece]] = defaultdict(list)
    for schedule, began, ended in session.execute(select(*columns).where(*touching)):
        shifts[schedule].append((milliseconds(began), milliseconds(ended)))
    return [rota(name, shifts[name], milliseconds(start), milliseconds(end)) for name in sorted(shifts)]


def names(session: Session) -> dict[str, str]:
    """What people are called, by their address and by their name, however it is spelt."""
    found: dict[str, str] = {}
    for name, email in session.execute(select(col(Person.name), col(Person.email)).order_by(col(Person.id))):
        for key in filter(None, (email, name)):
            found.setdefault(key.strip().casefold(), name)
    return found
