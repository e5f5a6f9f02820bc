"""Inference SLO attainment: how many objectives were met."""

from sqlalchemy import and_, case, func, literal, null, select
from sqlmodel import col

from ops_console.measures.attainment import Attained
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.records.slos import SliSlice, Slo, SloVersion


def slo_attainment() -> Attained:
    """Service level objectives met ÷ objectives judged. Each is judged by the sum of good events over the sum of valid
    events of the period, as whole numbers, against the objective in force at each slice. An objective seen for less
    than 95% of the period counts as "not enough data", one without traffic as neutral; neither is met or missed.
    For all models and for a team the tier 1 objectives count, where there are any. Beside it: the worst objective,
    the share of error budget used, and attainment weighted by events.
    """
    in_force = and_(
        col(SloVersion.slo_id) == col(SliSlice.slo_id),
        col(SloVersion.valid_from) <= col(SliSlice.started_at),
        col(SliSlice.started_at) < col(SloVersion.valid_to),
    )
    deleted = col(SliSlice.deleted_at).is_not(None) | col(Slo.deleted_at).is_not(None)
    rows = (
        select(
            col(SliSlice.started_at).label("anchor"),
            col(Slo.entry_id).label("entry_id"),
            col(SliSlice.id).label("record_id"),
            col(Slo.name).label("label"),
            case((deleted, literal("deleted")), else_=null()).label("excluded"),
            col(SliSlice.slo_id).label("slo_id"),
            func.coalesce(SloVersion.objective_ppm, Slo.objective_ppm).label("objective_ppm"),
            col(SliSlice.good_micro).label("good"),
            col(SliSlice.total_micro).label("total"),
            col(SliSlice.covered_seconds).label("covered"),
        )
        .join(Slo, col(Slo.id) == col(SliSlice.slo_id))
        .outerjoin(SloVersion, in_force)
    )
    return Attained(rows=(rows,), record="slo", names=select(col(Slo.id), col(Slo.name)))


DEFINITION = Definition(
    key="slo_attainment",
    number=11,
    title="Inference SLO attainment",
    question="Do our endpoints keep their promises?",
    formula="SLOs with good ÷ valid at or above their objective ÷ SLOs judged",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=slo_attainment,
    targets={None: Bounds(low=1.0, strict=False)},
    facts=("sli_slices",),
    also=("slos", "models"),
    statistic="met of judged",
    fraction="met",
    best=1,
    nothing="No SLOs",
)
