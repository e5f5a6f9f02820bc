"""The trail of decisions: added to, never changed, and a change is found."""

import threading

from sqlalchemy import Engine, delete, select, update
from sqlmodel import Session, col

from ops_console.core.db import reading, transaction
from ops_console.records import audit
from ops_console.records.audit import AuditEntry, Decision


def decide(session: Session, *numbers: int) -> None:
    audit.record(session, *(Decision("moved", "action", number, "ana", {"a": 1}, {"a": 2}) for number in numbers))


def second(session: Session) -> int:
    """The entry about action 2."""
    (entry,) = audit.history(session, "action", [2])
    return audit.number(entry)


def test_each_entry_is_sealed_by_the_next(session: Session) -> None:
    decide(session, 1, 2)
    decide(session, 3)
    entries = session.scalars(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert [entry.previous_hash for entry in entries] == [audit.START, *(each.entry_hash for each in entries[:-1])]
    assert audit.broken_at(session) is None


def test_a_changed_entry_is_found(session: Session) -> None:
    decide(session, 1, 2, 3)
    changed = second(session)
    session.execute(update(AuditEntry).where(col(AuditEntry.id) == changed).values(by="nobody"))
    session.expire_all()
    assert audit.broken_at(session) == changed


def test_an_entry_that_is_missing_is_found(session: Session) -> None:
    decide(session, 1, 2, 3)
    missing = second(session)
    session.execute(delete(AuditEntry).where(col(AuditEntry.id) == missing))
    session.expire_all()
    assert audit.broken_at(session) == missing + 1


def test_history_is_of_one_subject_the_newest_first(session: Session) -> None:
    decide(session, 1, 2, 1)
    later, earlier = audit.history(session, "action", [1])
    assert audit.number(later) == audit.number(earlier) + 2
    assert audit.history(session, "review", [1]) == []


def test_people_who_decide_at_once_make_one_trail(database: Engine) -> None:
    def decide_often(start: int) -> None:
        for number in range(start, start + 10):
            with transaction(database) as session:
                decide(session, number)

    threads = [threading.Thread(target=decide_often, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(database) as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 30
        assert audit.broken_at(session) is None
