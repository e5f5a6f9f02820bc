"""How good the models were: drift, evaluations of releases, and attempts to build versions again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    DegradationSignal,
    DeploymentKind,
    EvaluationKind,
    Mitigation,
    ReproductionMethod,
)
from ops_console.core.periods import Grain, containing
from ops_console.demo.company import CAST, Member
from ops_console.demo.plan import Rollout, plan
from ops_console.demo.story import Batch, Story, hours, poisson

DRIFTS_A_WEEK = 0.05
"""Episodes of one model (assumed)."""
MITIGATED_HOURS = (19.0, 0.7)
EVALUATED, REGRESSED_WHEN_BROKEN, REGRESSED_ANYWAY = 0.9, 0.4, 0.015
EVALUATED_AFTER = timedelta(days=3)
REPRODUCED = 0.93
SOURCE = "model-monitor"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("degradations", SOURCE, _degradations(story))
    yield Batch("evaluations", SOURCE, _evaluations(story))
    yield Batch("reproductions", "rebuild-job", _reproductions(story))


def _degradations(story: Story) -> Iterator[dict[str, Any]]:
    for monday in story.weeks():
        for member in CAST:
            dice = story.dice("drift", member.slug, monday)
            trouble = story.trouble(story.midnight(monday + timedelta(days=3)))
            for number in range(poisson(dice, DRIFTS_A_WEEK * (1 + 2 * trouble))):
                found = story.moment(monday + timedelta(days=dice.randrange(7)), 6, dice)
                ended = found + hours(dice, MITIGATED_HOURS, at_most=160) * (1 + trouble)
                signal = dice.choice(list(DegradationSignal))
                if found >= story.start:
                    yield from _episode(story, member, f"{monday}-{number}", signal, found, ended)


def _episode(
    story: Story, member: Member, key: str, signal: DegradationSignal, found: datetime, ended: datetime
) -> Iterator[dict[str, Any]]:
    """A daily job tells of it again every morning until it is mended."""
    day = 0
    while story.has_passed(at := found + timedelta(days=day)) and at < ended:
        is_last = at + timedelta(days=1) >= ended and story.has_passed(ended)
        yield {
            "external_id": f"drift-{member.slug}-{key}-{day}",
            "updated_at": ended if is_last else at,
            "model": member.slug,
            "signal": signal,
            "onset_at": found - timedelta(hours=7),
            "detected_at": at,
            "mitigated_at": ended if is_last else None,
            "mitigation": Mitigation.RETRAINED_RELEASE if is_last else None,
        }
        day += 1


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


def _reproductions(story: Story) -> Iterator[dict[str, Any]]:
    """In the middle of every month the versions of tier 1 models that went live since are built again."""
    for month in story.months():
        checked = month.start + timedelta(days=14, hours=2)
        quarter = containing(month.start, Grain.QUARTER, story.zone)
        for member in CAST:
            live = _newest(story, member, checked)
            if member.tier == 1 and live is not None and story.has_passed(checked):
                dice = story.dice("rebuilt", member.slug, month.label)
                yield {
                    "external_id": f"rebuild-{member.slug}-{month.label}",
                    "updated_at": checked,
                    "model": member.slug,
                    "version": live.version,
                    "method": ReproductionMethod.METRIC,
                    "succeeded": dice.random() < REPRODUCED,
                    "expected": f"{member.metric} 0.41",
                    "tolerance": "0.002",
                    "checked_at": checked,
                    "url": f"https://rebuild.quillmark.example/{quarter.label}/{member.slug}",
                }


def _newest(story: Story, member: Member, before: datetime) -> Rollout | None:
    mine = [each for each in plan(story).rollouts if each.member is member and not each.failed and each.live < before]
    return mine[-1] if mine else None
