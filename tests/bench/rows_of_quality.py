"""Alerts and checks by the million, and the smaller kinds of one size, as rows in stored form."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ops_console.core.clock import milliseconds
from ops_console.records.alerts import Alert
from ops_console.records.degradations import Degradation
from ops_console.records.evaluations import Evaluation, Reproduction
from ops_console.records.experiments import Experiment, Outcome
from ops_console.records.findings import Finding
from ops_console.records.pipelines import Gate, PipelineRun, QualityCheck
from tests.bench.rows_of_catalog import METRIC
from tests.bench.rows_of_delivery import DAY, HOUR, Table, envelope, releases
from tests.bench.rows_of_people import person
from tests.bench.sizes import NOW, Size

CHECKS_A_RUN = 10


def tables(size: Size, dice: random.Random) -> Iterator[Table]:
    begins, now = milliseconds(size.begins), milliseconds(NOW)
    runs = size.checks // CHECKS_A_RUN
    fired = sorted(dice.randrange(begins, now) for _ in range(size.alerts))
    yield Alert, (_alert(n, size, at, dice) for n, at in enumerate(fired, 1))
    yield PipelineRun, (_run(n, size, _when(n, runs, begins, now)) for n in range(runs))
    yield QualityCheck, (_check(n, size, _when(n // CHECKS_A_RUN, runs, begins, now)) for n in range(size.checks))
    yield Gate, (_gate(n, size, _when(n, runs, begins, now)) for n in range(runs))
    live = releases(size)
    yield Evaluation, (_evaluation(n, *live[n - 1][:2]) for n in range(1, size.releases + 1, 2))
    few = size.incidents // 2
    yield Degradation, (_degradation(n, size, dice.randrange(begins, now - DAY)) for n in range(1, few + 1))
    rebuilt = sorted(dice.sample(range(1, size.releases + 1), min(few, size.releases)))
    yield Reproduction, (_reproduction(n, *live[n - 1][:2]) for n in rebuilt)
    yield Experiment, (_experiment(n, size, dice.randrange(begins, now)) for n in range(few))
    yield Finding, (_finding(n, size, dice.randrange(begins, now)) for n in range(few))
    yield (
        Outcome,
        (_outcome(n, at) for n in range(1, size.models + 1) for at in range(begins + 90 * DAY, now, 90 * DAY)),
    )


def _when(n: int, of: int, begins: int, now: int) -> int:
    return begins + (now - begins) * n // max(of, 1)


def _subject(n: int, size: Size) -> int:
    return n % size.models + 1


def _alert(n: int, size: Size, at: int, dice: random.Random) -> dict[str, Any]:
    """One in five pages somebody; one in twenty is a repeat of another."""
    pages = n % 5 == 0
    return envelope("pager", f"a{n}") | {
        "entry_id": _subject(n, size),
        "name": f"alert-{n % 40}",
        "firing": f"f{n if n % 20 else n - 1}",
        "class": "page" if pages else "ticket",
        "started_at": at,
        "ended_at": at + HOUR,
        "acknowledged_at": at + 300_000 if pages and n % 3 else None,
        "actionable": None if n % 7 else dice.randrange(2),
        "person": person(n) if pages else None,
        "notified_at": at if pages else None,
        "silenced": 0,
        "test": 0,
    }


def _run(n: int, size: Size, at: int) -> dict[str, Any]:
    return envelope("flow", f"r{n}") | {
        "entry_id": _subject(n, size),
        "pipeline": f"features-{_subject(n, size)}",
        "flow": "feature" if n % 10 else "train",
        "trigger": "schedule" if n % 15 else "manual",
        "status": "succeeded",
        "started_at": at - HOUR,
        "finished_at": at,
    }


def _check(n: int, size: Size, at: int) -> dict[str, Any]:
    run = n // CHECKS_A_RUN
    return envelope("flow", f"q{n}") | {
        "entry_id": _subject(run, size),
        "pipeline_run": f"r{run}",
        "name": f"check-{n % CHECKS_A_RUN}",
        "dataset": "features",
        "blocking": 1,
        "outcome": "failed" if run % 30 == 0 and n % CHECKS_A_RUN == 0 else "passed",
        "checked_at": at - HOUR // 2,
    }


def _gate(n: int, size: Size, at: int) -> dict[str, Any]:
    failed = int(n % 30 == 0)
    return {
        "source": "flow",
        "run": f"r{n}",
        "entry_id": _subject(n, size),
        "ended_at": at - HOUR // 2,
        "checks": CHECKS_A_RUN,
        "failed": failed,
        "errored": 0,
        "with_ticket": 0,
        "passed": 1 - failed,
    }


def _evaluation(n: int, live: int, entry: int) -> dict[str, Any]:
    """Of every second version, a day after it went live."""
    return envelope("monitor", f"e{n}") | {
        "entry_id": entry,
        "version": f"v{n}",
        "metric": METRIC,
        "guardrail": 0,
        "evaluated_at": live + DAY,
        "regressed": int(n % 41 == 0),
    }


def _degradation(n: int, size: Size, at: int) -> dict[str, Any]:
    return envelope("monitor", f"g{n}") | {
        "id": n,
        "entry_id": _subject(n, size),
        "signal": "performance" if n % 3 else "data_drift",
        "detected_at": at,
        "mitigated_at": at + 20 * HOUR,
        "mitigation": "retrained_release",
        "dismissed": 0,
        "episode_ends_at": at + 20 * HOUR,
    }


def _reproduction(n: int, live: int, entry: int) -> dict[str, Any]:
    """Of a version, in the week before it went live."""
    return envelope("rebuild", f"x{n}") | {
        "entry_id": entry,
        "version": f"v{n}",
        "succeeded": int(n % 12 != 0),
        "checked_at": live - n % 7 * DAY,
    }


def _experiment(n: int, size: Size, at: int) -> dict[str, Any]:
    return envelope("lab", f"x{n}") | {"entry_id": _subject(n, size), "name": f"try {n}", "started_at": at}


def _finding(n: int, size: Size, at: int) -> dict[str, Any]:
    return envelope("register", f"f{n}") | {
        "entry_id": _subject(n, size),
        "tool": "register",
        "rule": f"rule {n % 9}",
        "kind": "exception" if n % 2 else "vulnerability",
        "severity": "high",
        "first_seen_at": at,
        "fixed_at": at + 20 * DAY if n % 8 else None,
        "due_at": at + 30 * DAY,
    }


def _outcome(n: int, at: int) -> dict[str, Any]:
    day = date(1970, 1, 1) + timedelta(days=at // DAY)
    return envelope("finance", f"o{n}-{at}") | {
        "entry_id": n,
        "metric": "conversion",
        "method": "ab_test",
        "period_start": (day - timedelta(days=89)).isoformat(),
        "period_end": day.isoformat(),
        "approved_by": "Person 1",
        "ends_at": at,
    }
