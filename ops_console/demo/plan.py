"""What happened at the company: roll-outs and incidents, before any tool has told of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from ops_console.contracts.vocabulary import DeploymentKind, IncidentKind, Mitigation, Severity
from ops_console.demo import calibration as measured
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Story, hours, lognormal, pick, poisson, working_moment

RELEASES_A_WEEK = 2.6
"""Of the whole company: it keeps most months inside the default target of 2 to 10 (assumed)."""

BUSIEST_WEEK, QUIETEST_WEEK = 2.5, 0.35
"""Times the usual; longer bursts are cut, and in a quiet week somebody still ships now and then (assumed)."""

TIER_RESTORES = {1: 0.32, 2: 1.0, 3: 2.0}
"""Time to restore by tier, times the measured one: who is on call day and night is faster (assumed)."""

SPONTANEOUS_A_WEEK = 0.095
"""Days with an incident nobody deployed, a week, times a member's weight (assumed)."""

TROUBLED, PROLONGED = 2.4, 1.7
"""How much more often things break in the bad month, and how much longer that lasts (assumed)."""

CALM = 0.7
"""Outside the bad month fewer changes fail, so that the whole history has the measured rate."""

LONGEST_HOURS = 30.0
"""Incidents last no longer; in the measured history one in a hundred does."""

EVERY_THIRD = 3
"""In the bad month one roll-out in so many breaks something."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """A version on its way to production. `failed`: it never went live. `fixes`: the incident it ends."""

    member: Member
    number: int
    kind: DeploymentKind
    version: str
    previous_version: str
    ready: datetime
    live: datetime
    failed: bool = False
    breaks: bool = False
    undoes: "Rollout | None" = None

    @property
    def run(self) -> str:
        return f"run-{self.member.slug}-{self.number}"


@dataclass(frozen=True, slots=True)
class Breakage:
    """Something that broke, with the roll-out that caused it, if one did, and the one that ended it."""

    member: Member
    began: datetime
    lasted: timedelta
    severity: Severity
    kind: IncidentKind
    mitigation: Mitigation
    cause: Rollout | None = None
    fix: Rollout | None = None
    is_told: bool = False
    false_positive: bool = False
    maintenance: bool = False
    number: int = 0

    @property
    def ended(self) -> datetime:
        return self.began + self.lasted

    @property
    def key(self) -> str:
        return f"INC-{self.number}"


@dataclass(frozen=True, slots=True)
class Plan:
    rollouts: tuple[Rollout, ...]
    breakages: tuple[Breakage, ...]


@lru_cache(maxsize=4)
def plan(story: Story) -> Plan:
    """Week by week, so that a longer story begins with the same weeks."""
    writer = _Writer(story)
    for monday in story.weeks():
        writer.write_week(monday)
    return Plan(tuple(writer.rollouts), tuple(writer.breakages))


class _Writer:
    """Keeps what carries over from week to week: version numbers and incident numbers."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.rollouts: list[Rollout] = []
        self.breakages: list[Breakage] = []
        self.numbers = {member.slug: 0 for member in CAST}
        self.versions = {member.slug: [f"v{3 + place % 3}.0"] for place, member in enumerate(CAST)}
        self.troubled_rollouts = 0

    def write_week(self, monday: date) -> None:
        pace = self._pace(monday)
        fresh: list[Breakage] = []
        for moment, member in self._releases(monday, pace):
            if moment >= self.story.start:
                fresh += self._release(member, moment)
        fresh += self._spontaneous(monday)
        fresh += self._written(monday)
        fresh = [each for each in fresh if each.began >= self.story.start]
        for breakage in sorted(fresh, key=lambda each: (each.began, each.member.slug)):
            self.breakages.append(replace(breakage, number=101 + len(self.breakages)))

    def _pace(self, monday: date) -> float:
        dice = self.story.dice("pace", monday)
        is_quiet = dice.random() < measured.QUIET_WEEKS
        busy = lognormal(dice, (0.69, measured.ACTIVE_WEEK_SIGMA))
        if self.story.trouble(self.story.midnight(monday + timedelta(days=3))) == 1:
            return 1.1
        return QUIETEST_WEEK if is_quiet else min(busy, BUSIEST_WEEK)

    def _releases(self, monday: date, pace: float) -> list[tuple[datetime, Member]]:
        whole = sum(member.share for member in CAST)
        found: list[tuple[datetime, Member]] = []
        for member in CAST:
            dice = self.story.dice("releases", member.slug, monday)
            count = poisson(dice, RELEASES_A_WEEK * pace * member.share / whole)
            found += [(working_moment(self.story, monday, dice), member) for _ in range(count)]
        return sorted(found, key=lambda each: (each[0], each[1].slug))

    def _release(self, member: Member, live: datetime) -> list[Breakage]:
        rollout = self._next(member, live, DeploymentKind.RELEASE)
        dice = self.story.dice("fate", member.slug, rollout.number)
        failed = dice.random() < measured.FAILED_ROLLOUTS
        rollout = replace(rollout, failed=failed, breaks=not failed and self._breaks(dice, live))
        self.rollouts.append(rollout)
        if not rollout.breaks:
            return []
        return [self._broken_by(rollout, dice)]

    def _breaks(self, dice: Random, live: datetime) -> bool:
        if self.story.trouble(live) == 1:
            self.troubled_rollouts += 1
            return self.troubled_rollouts % EVERY_THIRD == 1
        return dice.random() < measured.FAILED_CHANGES * CALM

    def _broken_by(self, rollout: Rollout, dice: Random) -> Breakage:
        member = rollout.member
        began = rollout.live + hours(dice, (0.6, 0.8), at_most=12)
        lasted = self._lasting(member, began, dice)
        if dice.random() < measured.FIXED_BY_ROLLBACK:
            fix = self._next(member, began + lasted, DeploymentKind.ROLLBACK, undoes=rollout)
            mitigation = Mitigation.ROLLBACK_MODEL_VERSION
        else:
            fix = self._next(member, began + lasted, DeploymentKind.HOTFIX)
            mitigation = dice.choice([Mitigation.FEATURE_FLAG_OFF, Mitigation.RULES_FALLBACK, Mitigation.NONE])
        self.rollouts.append(fix)
        severity = Severity(pick(dice, {name: measured.SEVERITIES[name] for name in ("SEV1", "SEV2", "SEV3")}))
        kind = pick(dice, {IncidentKind.MODEL: 4, IncidentKind.SERVICE: 3, IncidentKind.DRIFT_OR_QUALITY: 2})
        return Breakage(member, began, lasted, severity, kind, mitigation, rollout, fix, is_told=dice.random() < 0.5)

    def _next(self, member: Member, live: datetime, kind: DeploymentKind, undoes: Rollout | None = None) -> Rollout:
        self.numbers[member.slug] += 1
        number, versions = self.numbers[member.slug], self.versions[member.slug]
        dice = self.story.dice("ready", member.slug, number)
        if kind is DeploymentKind.ROLLBACK and undoes is not None:
            return Rollout(member, number, kind, undoes.previous_version, undoes.version, live, live, undoes=undoes)
        waited = timedelta(hours=1) if kind is DeploymentKind.HOTFIX else hours(dice, measured.READY_TO_LIVE_HOURS)
        major, minor = versions[-1].removeprefix("v").split(".")
        versions.append(f"v{int(major) + 1}.0" if int(minor) >= 14 else f"v{major}.{int(minor) + 1}")
        return Rollout(member, number, kind, versions[-1], versions[-2], live - waited, live)

    def _lasting(self, member: Member, began: datetime, dice: Random) -> timedelta:
        factor = TIER_RESTORES[member.tier] * (1 + (PROLONGED - 1) * self.story.trouble(began))
        lasted = hours(dice, (measured.RESTORE_HOURS[0] * factor, measured.RESTORE_HOURS[1]), at_most=LONGEST_HOURS)
        return max(lasted, timedelta(minutes=4))

    def _spontaneous(self, monday: date) -> Iterator[Breakage]:
        for member in CAST:
            dice = self.story.dice("spontaneous", member.slug, monday)
            trouble = self.story.trouble(self.story.midnight(monday + timedelta(days=3)))
            rate = SPONTANEOUS_A_WEEK * member.incidents * (1 + (TROUBLED - 1) * trouble)
            for _ in range(poisson(dice, rate)):
                day = monday + timedelta(days=dice.randrange(7))
                for place in range(int(pick(dice, measured.INCIDENTS_ON_A_BAD_DAY))):
                    struck = member if place == 0 else dice.choice(CAST)
                    yield self._by_itself(struck, self._when(struck, day, dice), dice)

    def _when(self, member: Member, day: date, dice: Random) -> datetime:
        """Any hour; one in three a little after a roll-out of that week, where there was one: attribution suggests."""
        recent = [
            each.live
            for each in self.rollouts[-12:]
            if each.member is member and not each.failed and each.live.date() >= day - timedelta(days=3)
        ]
        if recent and dice.random() < 1 / 3:
            return recent[-1] + hours(dice, (2.0, 0.5), at_most=8)
        return self.story.moment(day, dice.randrange(24), dice)

    def _by_itself(self, member: Member, began: datetime, dice: Random) -> Breakage:
        severity = Severity(pick(dice, measured.SEVERITIES))
        kind = pick(
            dice,
            {
                IncidentKind.SERVICE: 8,
                IncidentKind.DATA_PIPELINE: 6,
                IncidentKind.DRIFT_OR_QUALITY: 3,
                IncidentKind.TRAINING: 1,
                IncidentKind.COST: 1,
            },
        )
        remedy = {
            IncidentKind.SERVICE: Mitigation.SCALE_UP,
            IncidentKind.DATA_PIPELINE: Mitigation.DATA_BACKFILL,
            IncidentKind.DRIFT_OR_QUALITY: Mitigation.RULES_FALLBACK,
        }.get(kind, Mitigation.NONE)
        maintenance = dice.random() < measured.MAINTENANCE
        false_alarm = not maintenance and dice.random() < 0.04
        lasted = self._lasting(member, began, dice)
        return Breakage(
            member, began, lasted, severity, kind, remedy, false_positive=false_alarm, maintenance=maintenance
        )

    def _written(self, monday: date) -> Iterator[Breakage]:
        """What the story needs and dice might deny: the bad month's outage, and one incident open today."""
        story, ranker = self.story, CAST[0]
        outage = story.bad_month.start + timedelta(days=11, hours=9, minutes=20)
        still_open = story.anchor - timedelta(hours=5, minutes=10)
        week = story.midnight(monday), story.midnight(monday + timedelta(days=7))
        if week[0] <= outage < week[1]:
            yield Breakage(
                ranker, outage, timedelta(hours=3, minutes=25), Severity.SEV1, IncidentKind.SERVICE, Mitigation.SCALE_UP
            )
        if week[0] <= still_open < week[1]:
            member = next(each for each in CAST if each.slug == "offer-picker")
            kind, remedy = IncidentKind.DATA_PIPELINE, Mitigation.DATA_BACKFILL
            yield Breakage(member, still_open, timedelta(days=3), Severity.SEV2, kind, remedy)
