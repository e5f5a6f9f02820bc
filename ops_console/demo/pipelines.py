"""Pipelines with their data checks."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import CheckOutcome, Flow, RunStatus, Trigger
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story

NIGHTLY = ("ranker", "fraud-score", "offer-picker", "demand-forecast", "help-assistant")
"""Models whose features are made every night; the others train weekly."""
CHECKS = ("rows_expected", "no_nulls", "schema_unchanged")
FAILING, FAILING_IN_TROUBLE = 0.025, 0.14
BY_HAND = 0.06
"""Runs somebody starts himself (assumed)."""
SOURCE = "workflow-engine"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("pipeline_runs", SOURCE, [run for run, _ in _runs(story)])
    yield Batch("quality_checks", SOURCE, [check for _, checks in _runs(story) for check in checks])


def _runs(story: Story) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for day in story.days():
        for member in CAST:
            if member.slug in NIGHTLY:
                yield from _night(story, member, day, Flow.FEATURE)
            if day.weekday() == 6 and member.training:
                yield from _night(story, member, day, Flow.TRAIN)


def _night(
    story: Story, member: Member, day: date, flow: Flow
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """A run; where its data failed a check, a second attempt an hour later that passes."""
    dice = story.dice("night", member.slug, day, flow)
    began = story.moment(day, 3, dice)
    trouble = story.trouble(began)
    failed = dice.random() < FAILING + (FAILING_IN_TROUBLE - FAILING) * trouble
    broken = dice.choice(CHECKS)
    by_hand = dice.random() < BY_HAND
    for attempt in (1, 2) if failed else (1,):
        start = began + timedelta(hours=attempt - 1)
        if story.has_passed(start + timedelta(minutes=40)):
            bad = broken if failed and attempt == 1 else ""
            run = _run(member, day, flow, attempt, start) | {
                "status": RunStatus.FAILED if bad else RunStatus.SUCCEEDED,
                "trigger": Trigger.MANUAL if by_hand or attempt > 1 else Trigger.SCHEDULE,
            }
            yield run, [_check(run, name, bad) for name in CHECKS] if flow is Flow.FEATURE else []


def _run(member: Member, day: date, flow: Flow, attempt: int, start: datetime) -> dict[str, Any]:
    name = f"{flow}-{member.slug}"
    return {
        "external_id": f"{name}-{day}-{attempt}",
        "updated_at": start + timedelta(minutes=40),
        "pipeline": name,
        "run": f"{name}-{day}",
        "flow": flow,
        "model": member.slug,
        "attempt": attempt,
        "started_at": start,
        "finished_at": start + timedelta(minutes=40),
    }


def _check(run: dict[str, Any], name: str, bad: str) -> dict[str, Any]:
    return {
        "external_id": f"{run['external_id']}-{name}",
        "updated_at": run["finished_at"],
        "pipeline_run": run["external_id"],
        "name": name,
        "dataset": f"{run['model']}-features",
        "model": run["model"],
        "outcome": CheckOutcome.FAILED if name == bad else CheckOutcome.PASSED,
        "checked_at": run["started_at"] + timedelta(minutes=20),
    }
