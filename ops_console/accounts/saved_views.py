"""Saved views: kept by one person, offered to her or to everyone, and one of them perhaps seen first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, or_, select
from sqlmodel import Session, col

from ops_console.accounts.roles import Role
from ops_console.core.errors import BadInput, NotFound
from ops_console.records import audit
from ops_console.records.access import Account
from ops_console.records.audit import Decision
from ops_console.records.saved_views import LandingPage, SavedView

SUBJECT = "view"
TOLD = ("name", "address", "is_shared")
LONGEST_NAME, LONGEST_ADDRESS = 100, 2000
OFFERED = 200
Told = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A view as one person sees it: her own, or one that somebody shares."""

    id: int
    name: str
    address: str
    is_shared: bool
    owner: str
    is_mine: bool
    is_landing: bool


def offered(session: Session, person: Account) -> Sequence[Offered]:
    """The views a person may open, by name; her own first where names are alike."""
    rows = session.execute(_offered(), {"person": person.id})
    return [
        Offered(view.id or 0, view.name, view.address, view.is_shared, owner, view.account_id == person.id, lands)
        for view, owner, lands in rows
    ]


@cache  # every page asks it
def _offered() -> Select[SavedView, str, bool]:
    person: Any = bindparam("person")
    lands = and_(col(LandingPage.view_id) == col(SavedView.id), col(LandingPage.account_id) == person)
    mine = col(SavedView.account_id) == person
    return (
        select(SavedView, col(Account.name), col(LandingPage.id).is_not(None))
        .join(Account, col(Account.id) == col(SavedView.account_id))
        .outerjoin(LandingPage, lands)
        .where(or_(mine, col(SavedView.is_shared)))
        .order_by(func.lower(col(SavedView.name)), mine.desc(), col(SavedView.id))
        .limit(OFFERED)
    )


def save(
    session: Session, person: Account, name: str, address: str, now: datetime, *, is_shared: bool = False
) -> SavedView:
    """A new view of this person."""
    if len(address) > LONGEST_ADDRESS:
        raise BadInput(f"The address is longer than {LONGEST_ADDRESS} letters.", remedy="Save it with fewer filters.")
    view = SavedView(
        account_id=person.id or 0,
        name=_free_name(session, person.id or 0, name),
        address=address,
        is_shared=is_shared,
        made_at=now,
    )
    session.add(view)
    session.flush()
    _trace(session, "view saved", view, person, None, _told(view))
    return view


def change(session: Session, person: Account, view_id: int, name: str, *, is_shared: bool) -> None:
    """Another name, or other readers. Who saw the view first and may no longer open it sees the overview again."""
    view = _own(session, person, view_id)
    before = _told(view)
    view.name = _free_name(session, view.account_id, name, but=view_id)
    view.is_shared = is_shared
    session.add(view)
    if not is_shared:
        others = (col(LandingPage.view_id) == view_id, col(LandingPage.account_id) != view.account_id)
        session.execute(delete(LandingPage).where(*others))
    was, is_now = audit.changes(before, _told(view))
    if is_now:
        _trace(session, "view changed", view, person, was, is_now)


def remove(session: Session, person: Account, view_id: int) -> None:
    view = _own(session, person, view_id)
    session.execute(delete(LandingPage).where(col(LandingPage.view_id) == view_id))
    _trace(session, "view deleted", view, person, _told(view), None)
    session.delete(view)


def land_on(session: Session, person: Account, view_id: int | None) -> None:
    """See this view first; `None` for the overview."""
    if view_id is not None and view_id not in {view.id for view in offered(session, person)}:
        raise _gone(view_id)
    session.execute(delete(LandingPage).where(col(LandingPage.account_id) == person.id))
    if view_id is not None:
        session.add(LandingPage(account_id=person.id or 0, view_id=view_id))


def _own(session: Session, person: Account, view_id: int) -> SavedView:
    """A view that this person may change: her own, and for an administrator any that is shared."""
    view = session.get(SavedView, view_id)
    is_admin = Role(person.role).includes(Role.ADMIN)
    if view is None or not (view.account_id == person.id or (view.is_shared and is_admin)):
        raise _gone(view_id)
    return view


def _told(view: SavedView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in TOLD}


def _trace(session: Session, did: str, view: SavedView, person: Account, before: Told, after: Told) -> None:
    audit.record(session, Decision(did, SUBJECT, audit.number(view), person.email, before, after))


def _gone(view_id: int) -> NotFound:
    return NotFound(f"There is no view {view_id} of yours.", remedy="It may have been deleted, or is shared no longer.")


def _free_name(session: Session, account_id: int, asked: str, but: int | None = None) -> str:
    name = " ".join(asked.split())
    if not name:
        raise BadInput("A view needs a name.", remedy="Say what it shows, such as Search, tier 1.")
    if len(name) > LONGEST_NAME:
        raise BadInput(f"The name has {len(name)} letters.", remedy=f"Use {LONGEST_NAME} at most.")
    same = (col(SavedView.account_id) == account_id, func.lower(col(SavedView.name)) == name.lower())
    if any(found != but for found in session.scalars(select(col(SavedView.id)).where(*same))):
        raise BadInput(f"There is a view {name!r} already.", remedy="Choose another name, or delete that one first.")
    return name
