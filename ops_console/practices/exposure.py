"""How often, or how long, something could have gone wrong again: without it silence proves nothing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind, Lifecycle
from ops_console.records.catalog import CatalogInterval
from ops_console.records.deployments import Release


class Exposure:
    """Releases and time in production of some models since an instant; two statements."""

    def __init__(self, session: Session, entries: Sequence[int], since: datetime) -> None:
        self._live: dict[int, list[datetime]] = defaultdict(list)
        new = col(Release.kind).in_([DeploymentKind.RELEASE, DeploymentKind.HOTFIX, DeploymentKind.CONFIG])
        live = select(col(Release.entry_id), col(Release.live_at)).where(
            col(Release.entry_id).in_(entries),
            col(Release.environment) == PRODUCTION,
            col(Release.live_at) > since,
            new,
        )
        for entry, at in session.execute(live):
            self._live[entry].append(at)
        self._served: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        served = select(col(CatalogInterval.entry_id), col(CatalogInterval.valid_from), col(CatalogInterval.valid_to))
        in_production = (
            col(CatalogInterval.entry_id).in_(entries),
            col(CatalogInterval.lifecycle) == Lifecycle.PRODUCTION,
            col(CatalogInterval.valid_to) > since,
        )
        for entry, began, ended in session.execute(served.where(*in_production)):
            self._served[entry].append((began, ended))

    def releases(self, entry: int, since: datetime, until: datetime) -> int:
        return sum(since < at <= until for at in self._live[entry])

    def days(self, entry: int, since: datetime, until: datetime) -> int:
        spans = ((max(began, since), min(ended, until)) for began, ended in self._served[entry])
        return sum(((ended - began) for began, ended in spans if ended > began), timedelta()).days
