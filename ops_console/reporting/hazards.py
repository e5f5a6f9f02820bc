"""What a week's report tells of what went wrong or may: risky releases, failed pipelines. Plain data, so it freezes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RiskyRelease:
    """A new version that went live, and why it is watched."""

    model: str
    version: str
    live_at: datetime
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risky:
    """The most pressing ones; `total` counts all, `released` every new version of the period."""

    rows: tuple[RiskyRelease, ...] = ()
    total: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class FailedPipeline:
    """How often a pipeline failed, and when last."""

    pipeline: str
    model: str
    failed: int
    runs: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FailedPipelines:
    """`runs` are all that ended; of none nothing is known."""

    rows: tuple[FailedPipeline, ...] = ()
    total: int = 0
    runs: int = 0
