"""The team's people: when they were on call, what they worked at, what they can and what they improved."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ops_console.core.clock import milliseconds
from ops_console.records.alerts import Shift
from ops_console.records.initiatives import Initiative
from ops_console.records.people import Person
from ops_console.records.requests import Request
from ops_console.records.skills import Position, Skill
from ops_console.records.toil import Capacity, Toil
from tests.bench.rows_of_catalog import team
from tests.bench.rows_of_delivery import DAY, HOUR, Table, envelope
from tests.bench.sizes import NOW, Size

PEOPLE = 24
SKILLS = ("Python", "Kubernetes", "Monitoring", "Cost", "Review")
TOIL = ("manual deployment", "tickets", "data fixes")
WEEK, QUARTER = 7 * DAY, 91 * DAY


def person(n: int) -> str:
    return f"Person {n % PEOPLE}"


def tables(size: Size, dice: random.Random) -> Iterator[Table]:
    begins, now, everybody = milliseconds(size.begins), milliseconds(NOW), range(PEOPLE)
    yield Person, (envelope("staff", f"p{n}") | {"name": person(n), "team": team(n)} for n in everybody)
    yield Shift, (_shift(n, begins) for n in range(size.length // (12 * HOUR)))
    yield Toil, (_toil(n, at, dice) for at in range(begins, now, 2 * DAY) for n in everybody if (n + at // DAY) % 5)
    yield Capacity, (_capacity(n, at) for at in range(begins, now, WEEK) for n in everybody)
    yield Skill, (_skill(n, name, at) for at in range(begins, now, QUARTER) for n in everybody for name in SKILLS)
    yield Position, (_position(n, at) for n, at in enumerate(range(begins, now, 30 * DAY)))
    yield Initiative, (_initiative(n, at) for n, at in enumerate(range(begins, now, 15 * DAY)))
    yield Request, (_request(n, dice.randrange(begins, now - 9 * DAY)) for n in range(size.incidents // 2))


def _shift(n: int, begins: int) -> dict[str, Any]:
    began = begins + n * 12 * HOUR
    return envelope("pager", f"h{n}") | {
        "schedule": "primary",
        "person": person(n),
        "started_at": began,
        "ended_at": began + 12 * HOUR,
        "override": 0,
    }


def _toil(n: int, at: int, dice: random.Random) -> dict[str, Any]:
    return envelope("time", f"t{n}-{at}") | {
        "person": person(n),
        "date": _day(at),
        "minutes": dice.randrange(15, 180, 15),
        "category": TOIL[dice.randrange(len(TOIL))],
        "anchored_at": at,
    }


def _capacity(n: int, at: int) -> dict[str, Any]:
    return envelope("staff", f"k{n}-{at}") | {
        "person": person(n),
        "starts_on": _day(at),
        "ends_on": _day(at + WEEK - DAY),
        "hours": "36",
        "starts_at": at,
        "ends_at": at + WEEK,
    }


def _skill(n: int, name: str, at: int) -> dict[str, Any]:
    return envelope("staff", f"s{n}-{name}-{at}") | {
        "person": person(n),
        "skill": name,
        "team": team(n),
        "level": (n + at // QUARTER) % 4 + 1,
        "target": 3,
        "assessed_on": _day(at),
        "assessed_at": at,
    }


def _position(n: int, at: int) -> dict[str, Any]:
    return envelope("staff", f"o{n}") | {
        "title": f"Engineer {n}",
        "team": team(n),
        "planned_at": at,
        "filled_at": at + 60 * DAY if n % 4 else None,
    }


def _initiative(n: int, at: int) -> dict[str, Any]:
    return envelope("plan", f"v{n}") | {
        "title": f"Improvement {n}",
        "category": "reliability" if n % 2 else "platform",
        "status": "delivered",
        "delivered_at": at,
        "metric": "pages a week" if n % 3 else None,
        "before": "20",
        "after": "11",
        "measured_at": at,
    }


def _request(n: int, at: int) -> dict[str, Any]:
    return envelope("tracker", f"q{n}") | {
        "title": f"Request {n}",
        "class": "standard" if n % 4 else "complex",
        "submitted_at": at,
        "first_usable_at": at + 9 * DAY,
    }


def _day(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).date().isoformat()
