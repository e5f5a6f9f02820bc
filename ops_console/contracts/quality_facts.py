"""Facts of how good models are: degradations, evaluations, reproductions, experiments, outcomes, documents."""

from typing import Annotated

from pydantic import Field

from ops_console.contracts.fact import (
    About,
    Day,
    Fact,
    Happened,
    HappenedOn,
    Instant,
    Name,
    Names,
    Number,
    Text,
    Truth,
)
from ops_console.contracts.times import NOTHING, Stretch
from ops_console.contracts.vocabulary import (
    DegradationSignal,
    DocumentKind,
    EvaluationKind,
    Mitigation,
    OutcomeMethod,
    ReproductionMethod,
    Verdict,
)

Direction = Annotated[str, Field(pattern="^(higher|lower)$")]


class DegradationFact(About):
    """A model was found to have become worse. Repeats of a signal within 24 hours are one episode."""

    kind_of_fact = "degradations"
    stretches = (Stretch(("onset_at", "detected_at"), ("mitigated_at",), is_kept=True),)

    signal: DegradationSignal
    onset_at: Happened | None = None
    detected_at: Happened
    mitigated_at: Happened | None = None
    mitigation: Mitigation | None = None
    dismissed: Truth = False


class EvaluationFact(Fact):
    """One metric of one version, compared with what it replaces. `threshold` is how much worse is still accepted;
    where `verdict` is empty it follows from value, baseline, direction and threshold.
    """

    kind_of_fact = "evaluations"

    model: Name
    version: Name
    metric: Name
    slice: Name | None = None
    value: Number | None = None
    baseline: Number | None = None
    threshold: Annotated[Number, Field(ge=0)] | None = None
    direction: Direction | None = None
    ci_low: Number | None = None
    ci_high: Number | None = None
    guardrail: Truth = False
    verdict: Verdict | None = None
    kind: EvaluationKind | None = None
    evaluated_at: Happened


class ReproductionFact(Fact):
    """An attempt to build a version again and get the same: equal digests, or a metric within its tolerance."""

    kind_of_fact = "reproductions"

    model: Name
    version: Name
    method: ReproductionMethod | None = None
    succeeded: Truth
    expected: Text | None = None
    actual: Text | None = None
    tolerance: Text | None = None
    checked_at: Happened


class ExperimentFact(Fact):
    """A business question that was tried out, not a training run. `model` and `version` say what it led to."""

    kind_of_fact = "experiments"
    stretches = (Stretch(("started_at",), ("ended_at",)),)

    name: Name
    started_at: Happened
    ended_at: Instant | None = None
    outcome: Text | None = None
    model: Name | None = None
    version: Name | None = None


class OutcomeFact(Fact):
    """What a model changed in the business over a period, with how it was measured. It counts once approved."""

    kind_of_fact = "outcomes"
    stretches = (Stretch(("period_start",), ("period_end",), NOTHING),)

    model: Name
    metric: Name
    unit: Name | None = None
    baseline: Number | None = None
    observed: Number | None = None
    ci_low: Number | None = None
    ci_high: Number | None = None
    method: OutcomeMethod
    period_start: HappenedOn
    period_end: Day
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    attribution_share: Annotated[Number, Field(ge=0, le=1)] | None = None
    evidence: Text | None = None
    approved_by: Name | None = None


class DocumentFact(Fact):
    """A model card, dataset sheet or runbook: which of its fields are filled in, and when it was last reviewed.

    A template's own text, such as "[More Information Needed]", fills in nothing: leave such fields out, or write
    `name=text` and they are left out here.
    """

    kind_of_fact = "documents"

    kind: DocumentKind
    model: Name
    version: Name | None = None
    fields_present: Names = Field(default_factory=list)
    reviewed_at: Happened | None = None
