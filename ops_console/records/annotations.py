"""What a person wrote beside a chart: something that happened on a day or over several."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Keyed


class Annotation(Keyed, table=True):
    """About one KPI, or every KPI where `kpi` is null, for a scope and everything inside it, in `[from_at, until_at)`.

    A row is never changed but for its withdrawal; a new wording is another row that `replaced_by` names.
    """

    __tablename__ = "annotation"
    __table_args__ = (Index("ix_annotation_from", "from_at"),)

    kind: str = Field(max_length=20)
    text: str = Field(max_length=300)
    scope_kind: str = Field(max_length=20)
    scope_key: str = Field(default="", max_length=300)
    kpi: str | None = Field(default=None, max_length=50)
    from_at: datetime = Field(sa_type=Instant)
    until_at: datetime | None = Field(default=None, sa_type=Instant)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    withdrawn_by: str | None = Field(default=None, max_length=300)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_reason: str = ""
    replaced_by: int | None = Field(default=None, sa_type=BigId)
