"""Versions, roll-outs and changes as the registry, the delivery pipeline and the code host tell them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind, RunStatus
from ops_console.demo import calibration as measured
from ops_console.demo import company
from ops_console.demo.company import CAST
from ops_console.demo.plan import Breakage, Rollout, plan
from ops_console.demo.story import Batch, Story, hours, lognormal, poisson, working_moment

Row = dict[str, Any]
MINUTE = timedelta(minutes=1)
TITLES = (
    "Retrain on the newest quarter",
    "Add features from the session stream",
    "Raise the batch size",
    "Quantise weights to int8",
    "Handle empty queries",
    "Update dependencies",
    "Cut tail latency of the feature lookup",
    "Rework the prompt for refunds",
    "Drop a feature that leaks",
    "Log the calibration curve",
)


def batches(story: Story) -> Iterator[Batch]:
    known = plan(story)
    fixed = {each.fix.run: each for each in known.breakages if each.fix}
    seen = [each for each in known.rollouts if story.has_passed(_started(each))]
    versions = (row for each in known.rollouts for row in _version(each, story))
    yield Batch("model_versions", company.REGISTRY, versions)
    yield Batch("deployments", company.PIPELINE, (row for each in seen for row in _pipeline(each, fixed, story)))
    yield Batch("deployments", company.PIPELINE, _unrelated(story, known.rollouts))
    yield Batch("deployments", company.REGISTRY, (_promotion(each) for each in seen if _is_promoted(each, story)))
    yield Batch("changes", company.CODE_HOST, (row for each in seen for row in _changes(each, story)))


def _started(rollout: Rollout) -> datetime:
    return rollout.live - 25 * MINUTE


def _sha(rollout: Rollout) -> str:
    return sha1(f"{rollout.member.slug}:{rollout.version}".encode(), usedforsecurity=False).hexdigest()


def _version(rollout: Rollout, story: Story) -> Iterator[Row]:
    created = rollout.ready - hours(story.dice("created", rollout.run), (20, 0.9))
    if rollout.kind is DeploymentKind.ROLLBACK or not story.has_passed(created):
        return
    is_ready = story.has_passed(rollout.ready)
    yield {
        "external_id": f"{rollout.member.slug}/{rollout.version}",
        "updated_at": rollout.ready if is_ready else created,
        "model": rollout.member.slug,
        "version": rollout.version,
        "created_at": created,
        "ready_at": rollout.ready if is_ready else None,
        "git_sha": _sha(rollout),
        "run_id": f"train-{_sha(rollout)[:8]}",
    }


def _pipeline(rollout: Rollout, fixed: Mapping[str, Breakage], story: Story) -> Iterator[Row]:
    """Staging the day before, a canary for tier 1, then production."""
    is_planned = rollout.kind is DeploymentKind.RELEASE
    if is_planned:
        yield _run(
            rollout, story, "staging", _started(rollout) - timedelta(hours=22), 9 * MINUTE, environment="staging"
        )
    if is_planned and rollout.member.tier == 1:
        canary = {"kind": DeploymentKind.CANARY, "traffic_percent": 10, "strategy": "canary"}
        yield _run(rollout, story, "canary", _started(rollout) - 95 * MINUTE, 6 * MINUTE) | canary
    fix = fixed.get(rollout.run)
    row = _run(rollout, story, "", _started(rollout), 25 * MINUTE) | {
        "kind": None if is_planned else rollout.kind,
        "requested_at": rollout.ready + (rollout.live - rollout.ready) * 0.6,
        "approved_at": rollout.ready + (rollout.live - rollout.ready) * 0.9,
        "remediates": fix.key if fix else None,
        "rolls_back": rollout.undoes.run if rollout.undoes else None,
    }
    if rollout.failed and row["status"] is RunStatus.SUCCEEDED:
        row["status"] = RunStatus.FAILED
    yield row


def _run(
    rollout: Rollout, story: Story, step: str, started: datetime, lasted: timedelta, environment: str = PRODUCTION
) -> Row:
    ended = started + lasted
    is_over = story.has_passed(ended)
    return {
        "external_id": f"{rollout.run}-{step}" if step else rollout.run,
        "url": f"https://pipeline.quillmark.example/{rollout.run}",
        "updated_at": ended if is_over else started,
        "service": rollout.member.service_name,
        "version": rollout.version,
        "environment": environment,
        "status": RunStatus.SUCCEEDED if is_over else RunStatus.RUNNING,
        "started_at": started,
        "finished_at": ended if is_over else None,
        "git_sha": _sha(rollout),
        "actor": rollout.member.owner,
        "is_bot": False,
    }


def _is_promoted(rollout: Rollout, story: Story) -> bool:
    undone = rollout.kind is DeploymentKind.ROLLBACK or rollout.failed
    return not undone and story.has_passed(_promoted_at(rollout))


def _promoted_at(rollout: Rollout) -> datetime:
    return rollout.live + 4 * MINUTE


def _promotion(rollout: Rollout) -> Row:
    """The registry's word for the same roll-out: an alias moved."""
    return {
        "external_id": f"{rollout.member.slug}/{rollout.version}/production",
        "updated_at": _promoted_at(rollout),
        "model": rollout.member.slug,
        "version": rollout.version,
        "environment": PRODUCTION,
        "status": RunStatus.SUCCEEDED,
        "finished_at": _promoted_at(rollout),
    }


def _unrelated(story: Story, rollouts: tuple[Rollout, ...]) -> Iterator[Row]:
    """Restarts and configuration of what is live: they ship nothing and must not count."""
    by_member = {
        member.slug: [each for each in rollouts if each.member is member and not each.failed] for member in CAST
    }
    for monday in story.weeks():
        for member in CAST:
            dice = story.dice("unrelated", member.slug, monday)
            rate = measured.CONFIG_PER_RELEASE * member.share / 500
            for number in range(poisson(dice, rate)):
                at = working_moment(story, monday, dice)
                live = [each for each in by_member[member.slug] if each.live < at]
                kind = dice.choice([DeploymentKind.CONFIG, DeploymentKind.RESTART])
                if live and story.has_passed(at):
                    yield _run(live[-1], story, f"{kind}-{monday}-{number}", at - 3 * MINUTE, 3 * MINUTE) | {
                        "kind": kind,
                        "git_sha": None,
                    }


def _changes(rollout: Rollout, story: Story) -> Iterator[Row]:
    if rollout.kind is DeploymentKind.ROLLBACK:
        return
    dice = story.dice("changes", rollout.run)
    for number in range(max(1, min(25, round(lognormal(dice, measured.COMMITS_PER_RELEASE))))):
        first = rollout.live - hours(dice, measured.COMMIT_TO_LIVE_HOURS, at_most=60 * 24) - 40 * MINUTE
        merged = first + (rollout.live - first) * dice.uniform(0.2, 0.8)
        is_bot = dice.random() < measured.BOT_CHANGES
        yield {
            "external_id": f"{rollout.member.slug}-{rollout.number}-{number}",
            "updated_at": merged,
            "service": rollout.member.service_name,
            "repository": f"quillmark/{rollout.member.slug}",
            "title": "Update dependencies" if is_bot else dice.choice(TITLES),
            "first_commit_at": first,
            "opened_at": first + (merged - first) * 0.3,
            "first_review_at": first + (merged - first) * 0.6,
            "approved_at": first + (merged - first) * 0.9,
            "merged_at": merged,
            "deployment": rollout.run,
            "author": "dependency-bot" if is_bot else f"dev-{dice.randrange(1, 12)}",
            "is_bot": is_bot,
        }
