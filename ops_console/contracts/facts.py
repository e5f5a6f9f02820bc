"""The facts that may enter: one class per kind, the same names for CSV headers, JSON Lines, the API and forms."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from ops_console.contracts.fact import (
    About,
    Billed,
    Day,
    Fact,
    Happened,
    HappenedOn,
    Instant,
    Integer,
    Name,
    Names,
    Number,
    Spans,
    Text,
    Tier,
    Truth,
)
from ops_console.contracts.operations_facts import (
    AlertFact,
    FindingFact,
    PipelineRunFact,
    QualityCheckFact,
    ShiftFact,
    StepFact,
    UsageFact,
)
from ops_console.contracts.quality_facts import (
    DegradationFact,
    DocumentFact,
    EvaluationFact,
    ExperimentFact,
    OutcomeFact,
    ReproductionFact,
)
from ops_console.contracts.readers import read_names
from ops_console.contracts.team_facts import (
    CapacityFact,
    InitiativeFact,
    PositionFact,
    RequestFact,
    SkillFact,
    ToilFact,
)
from ops_console.contracts.times import NOTHING, Stretch
from ops_console.contracts.vocabulary import (
    Budgeting,
    DeploymentKind,
    IncidentKind,
    IncidentStatus,
    Lifecycle,
    Mitigation,
    ModelKind,
    Monitor,
    Purpose,
    RunStatus,
    Severity,
)

Monitors = Annotated[list[Monitor], BeforeValidator(read_names)]


class ModelFact(Fact):
    """A model or service the team answers for. The slug is made from `name`.

    `paved_road` lists the criteria met, `monitors` what is watched, `depends_on` the models and services it needs.
    """

    kind_of_fact = "models"

    name: Name
    kind: ModelKind | None = None
    tier: Tier | None = None
    team: Name | None = None
    owner: Name | None = None
    lifecycle: Lifecycle | None = None
    service: Name | None = None
    environments: Names = Field(default_factory=list)
    on_call: Name | None = None
    escalation: Text | None = None
    runbook_url: Text | None = None
    primary_metric: Name | None = None
    primary_metric_direction: Annotated[str, Field(pattern="^(higher|lower)$")] | None = None
    guardrails: Names = Field(default_factory=list)
    paved_road: Names = Field(default_factory=list)
    monitors: Monitors = Field(default_factory=list)
    rollback_tested_on: HappenedOn | None = None
    depends_on: Names = Field(default_factory=list)
    business_kpi: Text | None = None
    aliases: Names = Field(default_factory=list)


class PersonFact(Fact):
    """Somebody who works with models."""

    kind_of_fact = "people"
    stretches = (Stretch(("active_from",), ("active_to",), NOTHING),)

    name: Name
    email: Text | None = None
    team: Name | None = None
    time_zone: Name | None = None
    working_hours: Name | None = None
    active_from: Day | None = None
    active_to: Day | None = None


class ModelVersionFact(Fact):
    """A version in a registry. `ready_at` is when it was first approved for production."""

    kind_of_fact = "model_versions"

    model: Name
    version: Name
    created_at: Happened | None = None
    ready_at: Happened | None = None
    digest: Text | None = None
    run_id: Text | None = None
    git_sha: Text | None = None
    data_version: Text | None = None


class DeploymentFact(About):
    """One roll-out as one source saw it. Several of them may be one release."""

    kind_of_fact = "deployments"
    stretches = (Stretch(("started_at",), ("finished_at",)),)

    version: Name
    environment: Name
    status: RunStatus
    kind: DeploymentKind | None = None
    ready_at: Happened | None = None
    requested_at: Happened | None = None
    approved_at: Happened | None = None
    started_at: Happened | None = None
    finished_at: Happened | None = None
    git_sha: Text | None = None
    strategy: Name | None = None
    traffic_percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    actor: Name | None = None
    is_bot: Truth | None = None
    rolls_back: Name | None = None
    remediates: Name | None = None


class ChangeFact(Fact):
    """A commit or pull request that a deployment shipped."""

    kind_of_fact = "changes"
    stretches = (Stretch(("opened_at",), ("first_review_at", "approved_at", "merged_at")),)

    service: Name
    repository: Name | None = None
    title: Text | None = None
    first_commit_at: Happened | None = None
    opened_at: Happened | None = None
    first_review_at: Happened | None = None
    approved_at: Happened | None = None
    merged_at: Happened | None = None
    deployment: Name | None = None
    git_sha: Text | None = None
    author: Name | None = None
    is_bot: Truth | None = None


class IncidentFact(About):
    """Something broke in production and was restored.

    `restored_at` is the first restoration; what followed when it broke again stands in `reopenings`. A `drill` is
    played, not suffered, and counts nowhere.
    """

    kind_of_fact = "incidents"
    stretches = (
        Stretch(("impact_started_at", "detected_at"), ("mitigated_at", "restored_at", "resolved_at"), is_kept=True),
        Stretch(("detected_at",), ("acknowledged_at",), is_kept=True),
    )

    title: Text
    severity: Severity | None = None
    status: IncidentStatus | None = None
    kind: IncidentKind | None = None
    impact_started_at: Happened | None = None
    detected_at: Happened | None = None
    acknowledged_at: Happened | None = None
    mitigated_at: Happened | None = None
    restored_at: Happened | None = None
    resolved_at: Happened | None = None
    reopenings: Spans = Field(default_factory=list)
    caused_by: Name | None = None
    duplicate_of: Name | None = None
    duplicate_source: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    false_positive: Truth = False
    maintenance: Truth = False
    drill: Truth = False
    mitigation: Mitigation | None = None


class SloFact(About):
    """A service level objective. `calendar` objectives are judged per calendar period, others over `window`."""

    kind_of_fact = "slos"

    name: Name
    objective_percent: Annotated[Number, Field(gt=0, lt=100)]
    window: Name | None = None
    calendar: Truth | None = None
    sli: Text | None = None
    budgeting: Budgeting = Budgeting.OCCURRENCES


class SliSliceFact(Fact):
    """Good and valid events (or seconds) of one SLO in one slice of time. `covered_seconds` says how much was seen."""

    kind_of_fact = "sli_slices"
    told_once = True

    slo: Name
    started_at: Happened
    seconds: Annotated[Integer, Field(gt=0)]
    good: Annotated[Number, Field(ge=0)]
    total: Annotated[Number, Field(ge=0)]
    covered_seconds: Annotated[Number, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _good_is_part_of_total(self) -> "SliSliceFact":
        if self.good > self.total:
            raise ValueError(f"good ({self.good}) is more than total ({self.total})")
        return self


class BudgetFact(Fact):
    """Money planned for a scope (`workspace`, `team:search`, `model:ranker`, `purpose:training`) and a period."""

    kind_of_fact = "budgets"

    scope: Name
    period: Annotated[str, Field(pattern=r"^(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2]|Q[1-4])$")]
    amount: Annotated[Number, Field(ge=0)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class SurveyResponseFact(Fact):
    """One answer to one question. `answered_on` is a day, never a time, so that nobody is found by it."""

    kind_of_fact = "survey_responses"

    survey: Name
    wave: Name
    group: Name | None = None
    question: Name
    score: Number | None = None
    scale_min: Number | None = None
    scale_max: Number | None = None
    comment: Annotated[str, Field(max_length=20000)] | None = None
    answered_on: HappenedOn | None = None

    @model_validator(mode="after")
    def _score_is_on_its_scale(self) -> "SurveyResponseFact":
        if self.score is None:
            return self
        if self.scale_min is None or self.scale_max is None:
            raise ValueError("a score needs scale_min and scale_max")
        if not self.scale_min <= self.score <= self.scale_max:
            raise ValueError(f"score {self.score} lies outside its scale {self.scale_min} to {self.scale_max}")
        return self


class CostFact(Fact):
    """One FOCUS 1.0–1.4 charge (https://focus.finops.org), in our snake_case names; `external_id` may repeat.

    Cost rows are aggregated to days on entry and replaced per (source, billing period): FOCUS rows have no identity.
    Clouds write their bills a day or two after the charge.
    """

    kind_of_fact = "costs"
    told_late = True
    stretches = (
        Stretch(("billing_period_start",), ("billing_period_end",), NOTHING),
        Stretch(("charge_period_start",), ("charge_period_end",), NOTHING),
    )

    external_id: Annotated[str, Field(max_length=300)] = ""
    provider: Name
    invoice_issuer: Name | None = None
    billing_period_start: Billed
    billing_period_end: Instant
    charge_period_start: Billed
    charge_period_end: Instant
    charge_category: Name
    charge_class: Name | None = None
    charge_frequency: Name | None = None
    billing_currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    billed_cost: Number
    effective_cost: Number | None = None
    list_cost: Number | None = None
    contracted_cost: Number | None = None
    service_name: Name | None = None
    service_category: Name | None = None
    sub_account: Name | None = None
    region: Name | None = None
    tags: dict[str, str | None] = Field(default_factory=dict)
    model: Name | None = None
    purpose: Purpose | None = None


KINDS: dict[str, type[Fact]] = {
    fact.kind_of_fact: fact
    for fact in (
        ModelFact,
        PersonFact,
        ModelVersionFact,
        DeploymentFact,
        ChangeFact,
        IncidentFact,
        AlertFact,
        ShiftFact,
        SloFact,
        SliSliceFact,
        DegradationFact,
        EvaluationFact,
        ReproductionFact,
        ExperimentFact,
        OutcomeFact,
        DocumentFact,
        PipelineRunFact,
        QualityCheckFact,
        StepFact,
        CostFact,
        BudgetFact,
        UsageFact,
        SurveyResponseFact,
        RequestFact,
        InitiativeFact,
        FindingFact,
        ToilFact,
        CapacityFact,
        PositionFact,
        SkillFact,
    )
}
"""Every kind of fact by the name it has at the door, in the order in which they are best imported."""
