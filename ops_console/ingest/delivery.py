"""What is handed in at the door."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ops_console.ingest.mapping import Mapping


@dataclass(frozen=True)
class Delivery:
    """Facts of one kind from one source.

    Without a mapping, the one saved for the source is used. `zone` reads times without an offset. `covers_until` is
    how far the sender says the facts are complete. `part` names a file that is one of several for a billing period.
    `form` names the integration that reads the file; without it, CSV, JSON Lines, or whichever recognises it.
    """

    kind: str
    source: str = ""
    mapping: Mapping | None = None
    zone: ZoneInfo | None = None
    made_by: str = "command line"
    covers_until: datetime | None = None
    dry_run: bool = False
    part: str = ""
    form: str = ""
    origin: str = ""
