"""Who was on call, what paged them, and how much of it was worth it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from ops_console.contracts.vocabulary import AlertClass
from ops_console.demo import company
from ops_console.demo.company import CAST
from ops_console.demo.plan import Breakage, plan
from ops_console.demo.story import Batch, Story, poisson

NOISE_A_WEEK = 1.6
"""Pages nobody had to act on (assumed)."""
NOISY = 3.0
"""Times the usual in the bad month."""
NOISY_ALERTS = ("feature-freshness", "queue-depth", "gpu-memory-high", "p99-latency-burst")
TICKETS_A_WEEK = 3.0
DAY_BEGINS, NIGHT_BEGINS = time(8), time(20)
ROTA = tuple(name for name in company.PEOPLE if name != "Mara Penrose")


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("shifts", company.PAGER, _shifts(story))
    yield Batch("alerts", company.PAGER, _alerts(story))


def _shifts(story: Story) -> Iterator[dict[str, Any]]:
    for day in story.days():
        for name, began, ended in _turns(story, day):
            if story.has_passed(ended):
                yield {
                    "external_id": f"{began:%Y%m%d%H}-primary",
                    "updated_at": began,
                    "schedule": "platform primary",
                    "person": name,
                    "started_at": began,
                    "ended_at": ended,
                }


def _turns(story: Story, day: date) -> Iterator[tuple[str, datetime, datetime]]:
    """Two people share a week: one by day, one by night."""
    week = (day - story.start.date()).days // 7
    morning, evening = _local(story, day, DAY_BEGINS), _local(story, day, NIGHT_BEGINS)
    yield ROTA[week % len(ROTA)], morning, evening
    yield ROTA[(week + 4) % len(ROTA)], evening, _local(story, day + timedelta(days=1), DAY_BEGINS)


def _local(story: Story, day: date, at: time) -> datetime:
    return datetime.combine(day, at, story.zone)


def _on_call(story: Story, moment: datetime) -> str:
    local = moment.astimezone(story.zone)
    day = local.date() if local.time() >= DAY_BEGINS else local.date() - timedelta(days=1)
    return next(name for name, began, ended in _turns(story, day) if began <= moment < ended)


def _alerts(story: Story) -> Iterator[dict[str, Any]]:
    for breakage in plan(story).breakages:
        if not breakage.maintenance and story.has_passed(breakage.began + timedelta(minutes=1)):
            yield _of_incident(story, breakage)
    for monday in story.weeks():
        trouble = story.trouble(story.midnight(monday + timedelta(days=3)))
        yield from _noise(story, monday, NOISE_A_WEEK * (1 + (NOISY - 1) * trouble))
        yield from _tickets(story, monday)


def _of_incident(story: Story, breakage: Breakage) -> dict[str, Any]:
    began = breakage.began + timedelta(minutes=1)
    acknowledged = began + timedelta(minutes=story.dice("answered", breakage.key).randrange(1, 9))
    passed = [at for at in (began, acknowledged, breakage.ended) if story.has_passed(at)]
    return _alert(story, f"page-{breakage.key}", f"{breakage.member.slug}-slo-burn", began) | {
        "updated_at": passed[-1],
        "service": breakage.member.service_name,
        "acknowledged_at": acknowledged if story.has_passed(acknowledged) else None,
        "ended_at": breakage.ended if story.has_passed(breakage.ended) else None,
        "incident": breakage.key,
        "actionable": False if breakage.false_positive else None,
    }


def _noise(story: Story, monday: date, rate: float) -> Iterator[dict[str, Any]]:
    dice = story.dice("noise", monday)
    for number in range(poisson(dice, rate)):
        began = _some_time(story, monday, dice)
        ended = began + timedelta(minutes=dice.randrange(4, 45))
        judged = dice.random() < 0.35
        if began >= story.start and story.has_passed(ended):
            yield _alert(story, f"noise-{monday}-{number}", dice.choice(NOISY_ALERTS), began) | {
                "updated_at": ended,
                "service": dice.choice(CAST).service_name,
                "ended_at": ended,
                "acknowledged_at": began + timedelta(minutes=3) if judged else None,
                "actionable": dice.random() < 0.25 if judged else None,
            }


def _tickets(story: Story, monday: date) -> Iterator[dict[str, Any]]:
    dice = story.dice("tickets", monday)
    for number in range(poisson(dice, TICKETS_A_WEEK)):
        began = _some_time(story, monday, dice)
        if began >= story.start and story.has_passed(began):
            yield _alert(story, f"ticket-{monday}-{number}", "disk-filling", began) | {
                "class": AlertClass.TICKET,
                "service": dice.choice(CAST).service_name,
                "person": None,
                "notified_at": None,
            }


def _alert(story: Story, key: str, name: str, began: datetime) -> dict[str, Any]:
    return {
        "external_id": key,
        "updated_at": began,
        "name": name,
        "fingerprint": f"{name}-{key}",
        "class": AlertClass.PAGE,
        "started_at": began,
        "notified_at": began,
        "person": _on_call(story, began),
    }


def _some_time(story: Story, monday: date, dice: Random) -> datetime:
    return story.moment(monday + timedelta(days=dice.randrange(7)), dice.randrange(24), dice)
