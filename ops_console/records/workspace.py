"""The one workspace a database holds."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session

from ops_console.core.clock import now
from ops_console.core.columns import BigId, Instant
from ops_console.core.settings import settings
from ops_console.records.envelope import Keyed

ONLY = 1


class Workspace(Keyed, table=True):
    """Name, zone, currency and calendar. A demo workspace shows a banner and sends nothing, ever."""

    __tablename__ = "workspace"

    id: int | None = Field(default=ONLY, primary_key=True, sa_type=BigId)
    name: str = Field(max_length=300)
    time_zone: str = Field(max_length=100)
    currency: str = Field(max_length=3)
    country: str = Field(default="", max_length=10)
    is_demo: bool = False
    made_at: datetime = Field(sa_type=Instant)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def current(session: Session) -> Workspace:
    """The workspace of this database; before anyone set it up, what the settings say."""
    kept = session.get(Workspace, ONLY)  # asked for again in one session, it costs no statement
    if kept is not None:
        return kept
    defaults = settings()
    return Workspace(
        name=defaults.workspace_name,
        time_zone=defaults.time_zone,
        currency=defaults.currency,
        country=defaults.country,
        made_at=now(),
    )
