"""What a measurement stands on: a size, a filled database, and a folder for files."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from ops_console.core.db import engine_for
from ops_console.records.schema import metadata
from tests.bench.fill import filled
from tests.bench.sizes import Size

ZONE = ZoneInfo("Europe/London")


@dataclass
class Bench:
    """Databases are made when first asked for."""

    size: Size
    folder: Path

    @cached_property
    def engine(self) -> Engine:
        """The database of the size."""
        return filled(self.folder / f"{self.size.name}.db", self.size)

    @property
    def path(self) -> Path:
        return Path(self.engine.url.database or "")

    def empty(self, name: str) -> Engine:
        """A database with a catalog and nothing else."""
        nothing = {"deployments": 0, "incidents": 0, "slos": 0, "cost_rows": 0, "alerts": 0, "checks": 0}
        return filled(self.folder / f"{name}.db", replace(self.size, **nothing))

    def tables(self, name: str) -> Engine:
        """A database with tables and no row."""
        engine = engine_for(f"sqlite:///{self.folder / name}.db")
        metadata.create_all(engine)
        return engine
