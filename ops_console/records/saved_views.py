"""Views that people saved: an address of this console under a name."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Keyed


class SavedView(Keyed, table=True):
    """A page with its filters. The period in `address` is fixed (`2026-10`) or relative (`latest`)."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BigId)
    name: str = Field(max_length=100)
    address: str = Field(sa_type=Text)
    is_shared: bool = False
    made_at: datetime = Field(sa_type=Instant)


class LandingPage(Keyed, table=True):
    """The view that one account sees first, in place of the overview."""

    __tablename__ = "landing_page"
    __table_args__ = (UniqueConstraint("account_id"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BigId)
    view_id: int = Field(foreign_key="saved_view.id", sa_type=BigId, index=True)
