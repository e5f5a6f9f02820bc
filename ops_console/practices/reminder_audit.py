"""Did every reminder that was due go out, exactly once? Computed anew from what is owed, not from what was planned."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.practices.digests import DELIVERED, Reach
from ops_console.practices.owed import People, overdue
from ops_console.records.reminders import Digest, Reminder

SETTLES = timedelta(hours=6)
"""A message may need so long until its last attempt."""


def findings(session: Session, at: datetime, reach: Reach) -> list[str]:
    """What was not told to people who can be reached, not delivered or told twice; nothing where all is well."""
    missing = [
        f"{each.recipient} was not told of {each.subject} {each.number}, {each.occasion.mark}"
        for each in overdue(session, at, People(session))
        if reach(each.recipient)
    ]
    open_ones = select(Digest).where(col(Digest.state) != DELIVERED, col(Digest.made_at) < at - SETTLES)
    undelivered = [
        f"the message of {digest.day} to {digest.recipient} is {digest.state}: {digest.error or 'no reason given'}"
        for digest in session.scalars(open_ones.order_by(col(Digest.id)))
    ]
    names = (col(Reminder.subject), col(Reminder.number), col(Reminder.mark), col(Reminder.recipient))
    twice = session.execute(select(*names).group_by(*names).having(func.count() > 1))
    return [*missing, *undelivered, *(f"{row[3]} was told twice of {row[0]} {row[1]}, {row[2]}" for row in twice)]
