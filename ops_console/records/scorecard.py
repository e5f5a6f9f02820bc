"""The numbers: a materialised view of the records, one row per KPI, scope, period and window."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from ops_console.core.columns import Exact, Instant
from ops_console.records.envelope import KeptJson, Keyed


class Measured(SQLModel):
    """One computed figure.

    `value` is a count, seconds, a share 0–1 or a score; null means unknown. `k` and `n` are exact: hits and cases, good
    and valid, spent and budget. `spread` holds mean, median, p75, p90; `detail` what one KPI shows besides; `excluded`
    counts by reason; `coverage` is known ÷ expected.
    """

    kpi: str = Field(max_length=50)
    scope_kind: str = Field(max_length=20)
    scope_key: str = Field(default="", max_length=300)
    grain: str = Field(max_length=10)
    starts_at: datetime = Field(sa_type=Instant)
    value: float | None = None
    k: Decimal | None = Field(default=None, sa_type=Exact)
    n: Decimal | None = Field(default=None, sa_type=Exact)
    spread: dict[str, float] | None = Field(default=None, sa_type=KeptJson)
    detail: dict[str, Any] | None = Field(default=None, sa_type=KeptJson)
    excluded: dict[str, int] | None = Field(default=None, sa_type=KeptJson)
    coverage_known: int | None = None
    coverage_expected: int | None = None
    definition_version: int = 1


class ScorecardPoint(Keyed, Measured, table=True):
    """A figure of a whole period.

    `window` is `period` (the period itself, for charts and signals) or `trailing` (`window_days` ending with the
    period, for the status). `fingerprint` stands for the whole row: one that comes out the same is not written again.
    """

    __tablename__ = "scorecard_point"
    __table_args__ = (
        UniqueConstraint("kpi", "scope_kind", "scope_key", "grain", "window", "starts_at"),
        Index("ix_scorecard_point_period", "kpi", "grain", "starts_at"),
    )

    period: str = Field(max_length=10)
    window: str = Field(max_length=10)
    window_days: int | None = None
    ends_at: datetime = Field(sa_type=Instant)
    fingerprint: int = Field(default=0, sa_type=BigInteger)


class MovingPoint(Keyed, Measured, table=True):
    """A figure that moves with the clock: of a running period, or of one that still ripens.

    `aspect` says which of its figures; `starts_at` is where the stretch of time measured belongs. The workspace's row
    says when all of them were looked at (`at`); the others stay as long as they come out the same (`fingerprint`).
    """

    __tablename__ = "moving_point"
    __table_args__ = (UniqueConstraint("kpi", "aspect", "grain", "starts_at", "scope_kind", "scope_key"),)

    aspect: str = Field(max_length=20)
    at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: int = Field(default=0, sa_type=BigInteger)


class KeptCells(Keyed, table=True):
    """What figures of a KPI are made of in a stretch of time that no fact has touched since it was read.

    `source` names the measures that were read together, `cells` says of each what a statement said (as JSON), and
    `made_by` is a number for the code that asked it.
    """

    __tablename__ = "kept_cells"
    __table_args__ = (UniqueConstraint("kpi", "source", "starts_at"),)

    kpi: str = Field(max_length=50)
    source: str = Field(sa_type=Text)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    made_by: int = Field(sa_type=BigInteger)
    cells: str = Field(sa_type=Text)


class ComputedKpi(Keyed, table=True):
    """That a KPI was computed under this version of its definition, whether there was anything to see or not; periods
    that began after `at` are still to be followed.
    """

    __tablename__ = "computed_kpi"
    __table_args__ = (UniqueConstraint("kpi"),)

    kpi: str = Field(max_length=50)
    definition_version: int
    at: datetime = Field(sa_type=Instant)


class Outdated(Keyed, table=True):
    """What must be recomputed: points of every KPI that needs this kind of fact and whose window touches
    `[from_at, to_at)`. Written in the transaction that changed the facts, for the old place and the new one.
    """

    __tablename__ = "outdated"

    kind: str = Field(max_length=50)
    from_at: datetime = Field(sa_type=Instant)
    to_at: datetime = Field(sa_type=Instant)
    marked_at: datetime = Field(sa_type=Instant)
