"""How releases were judged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    DeploymentKind,
    EvaluationKind,
)
from ops_console.demo.plan import Rollout, plan
from ops_console.demo.story import Batch, Story

EVALUATED, REGRESSED_WHEN_BROKEN, REGRESSED_ANYWAY = 0.9, 0.4, 0.015
EVALUATED_AFTER = timedelta(days=3)
SOURCE = "model-monitor"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("evaluations", SOURCE, _evaluations(story))


def _evaluations(story: Story) -> Iterator[dict[str, Any]]:
    for rollout in plan(story).rollouts:
        dice = story.dice("evaluated", rollout.run)
        at = rollout.live + EVALUATED_AFTER
        is_new = rollout.kind is not DeploymentKind.ROLLBACK and not rollout.failed
        if is_new and dice.random() < EVALUATED and story.has_passed(at):
            worse = dice.random() < (REGRESSED_WHEN_BROKEN if rollout.breaks else REGRESSED_ANYWAY)
            yield _evaluation(rollout, at, worse, round(dice.uniform(0.01, 0.05), 4))


def _evaluation(rollout: Rollout, at: datetime, worse: bool, step: float) -> dict[str, Any]:
    return {
        "external_id": f"eval-{rollout.run}",
        "updated_at": at,
        "model": rollout.member.slug,
        "version": rollout.version,
        "metric": rollout.member.metric,
        "value": round(0.4 - step if worse else 0.4 + step, 4),
        "baseline": 0.4,
        "threshold": 0.005,
        "direction": "higher",
        "kind": EvaluationKind.LIVE,
        "evaluated_at": at,
    }
