"""Facts of running models: alerts, shifts, pipelines and their checks, findings, use."""

from typing import Annotated, ClassVar

from pydantic import Field, create_model

from ops_console.contracts.fact import Day, Fact, Happened, HappenedOn, Instant, Integer, Name, Number, Text, Truth
from ops_console.contracts.times import MOMENT, Stretch
from ops_console.contracts.vocabulary import (
    AlertClass,
    CheckOutcome,
    FindingKind,
    FindingSeverity,
    Flow,
    RunStatus,
    Trigger,
    UsageUnit,
)


class _Alert(Fact):
    """An alert that fired. A page interrupts a person, a ticket waits; repeats of one firing share `fingerprint` and
    `started_at`. `actionable` is a person's verdict; empty means that nobody judged it.
    """

    kind_of_fact: ClassVar[str] = "alerts"
    stretches = (Stretch(("started_at",), ("ended_at", "acknowledged_at"), is_kept=True),)

    name: Name
    fingerprint: Name | None = None
    model: Name | None = None
    service: Name | None = None
    started_at: Happened
    ended_at: Happened | None = None
    acknowledged_at: Happened | None = None
    actionable: Truth | None = None
    incident: Name | None = None
    ticket: Name | None = None
    person: Name | None = None
    notified_at: Happened | None = None
    silenced: Truth = False
    test: Truth = False


AlertFact = create_model(
    "AlertFact",
    __base__=_Alert,
    __doc__=_Alert.__doc__,
    **{"class": (AlertClass | None, None)},  # type: ignore[call-overload]  # a column named as producers name it
)


class ShiftFact(Fact):
    """A stretch of time in which one person is on call. An override takes the place of the planned shift."""

    kind_of_fact = "shifts"
    stretches = (Stretch(("started_at",), ("ended_at",), MOMENT),)

    schedule: Name
    person: Name
    started_at: Instant
    ended_at: Instant
    override: Truth = False


class PipelineRunFact(Fact):
    """One attempt of a pipeline run. Attempts of the same run share `run`; where it is empty the attempt is the run."""

    kind_of_fact = "pipeline_runs"
    stretches = (Stretch(("started_at",), ("finished_at",)),)

    pipeline: Name
    run: Name | None = None
    flow: Flow | None = None
    model: Name | None = None
    attempt: Annotated[Integer, Field(ge=1)] | None = None
    trigger: Trigger | None = None
    status: RunStatus
    started_at: Happened | None = None
    finished_at: Happened | None = None
    nominal_at: Instant | None = None


class QualityCheckFact(Fact):
    """One data check of one pipeline run. A check that is not `blocking` warns and stops nothing; one that could not
    be evaluated is `errored`, which is not a pass.
    """

    kind_of_fact = "quality_checks"

    pipeline_run: Name
    name: Name
    dataset: Name | None = None
    column: Name | None = None
    model: Name | None = None
    blocking: Truth = True
    outcome: CheckOutcome
    checked_at: Happened
    ticket: Name | None = None


class StepFact(Fact):
    """A step of a core flow of a model, and since when it runs by itself. A human approval is a decision, not a
    manual step.
    """

    kind_of_fact = "steps"
    stretches = (Stretch(("added_at",), ("removed_at",)),)

    name: Name
    model: Name
    flow: Flow
    added_at: Instant
    automated_since: Instant | None = None
    removed_at: Instant | None = None
    human_approval: Truth = False
    evidence: Text | None = None
    reviewed_at: Happened | None = None


class FindingFact(Fact):
    """An exception to a rule, a vulnerability, a policy violation or an open point of a review. A waiver with
    `waived_until` defers it and closes nothing.
    """

    kind_of_fact = "findings"
    stretches = (Stretch(("first_seen_at",), ("fixed_at",)),)

    tool: Name
    rule: Name
    kind: FindingKind = FindingKind.EXCEPTION
    severity: FindingSeverity | None = None
    asset: Name | None = None
    model: Name | None = None
    first_seen_at: Happened
    fixed_at: Happened | None = None
    due_on: Day | None = None
    dismissed_reason: Text | None = None
    waived_until: Day | None = None


class UsageFact(Fact):
    """How much of a model was used on one day: inferences, tokens, GPU hours used and allocated."""

    kind_of_fact = "usage"

    model: Name
    date: HappenedOn
    unit: UsageUnit
    quantity: Annotated[Number, Field(ge=0)]
