"""What work in the background is done with: whoever begins it opens an office, and every floor below takes it."""

from dataclasses import dataclass

from sqlalchemy import Engine

from ops_console.contracts.parts import Parts
from ops_console.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    engine: Engine
    parts: Parts
    settings: Settings
