"""Workspace, SLOs, cost, budgets, survey answers and imports of one size, as rows in stored form."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ops_console.core.clock import milliseconds
from ops_console.ingest.standing import BEGINNING, END
from ops_console.records.costs import Budget, Cost, CostPartition
from ops_console.records.imports import Import
from ops_console.records.slos import SliSlice, Slo, SloVersion
from ops_console.records.surveys import SurveyResponse
from ops_console.records.workspace import Workspace
from tests.bench.rows_of_catalog import team
from tests.bench.rows_of_delivery import DAY, HOUR, Table, envelope
from tests.bench.sizes import NOW, Size

SOURCES = {
    "models": "bench",
    "model_versions": "cd",
    "deployments": "cd",
    "changes": "git",
    "incidents": "pager",
    "slos": "slo",
    "sli_slices": "slo",
    "costs": "aws",
    "budgets": "plan",
    "survey_responses": "survey",
    "people": "staff",
    "alerts": "pager",
    "shifts": "pager",
    "pipeline_runs": "flow",
    "quality_checks": "flow",
    "evaluations": "monitor",
    "degradations": "monitor",
    "reproductions": "rebuild",
    "experiments": "lab",
    "findings": "register",
    "requests": "tracker",
    "steps": "catalog",
    "documents": "registry",
    "outcomes": "finance",
    "toil": "time",
    "capacity": "staff",
    "initiatives": "plan",
    "positions": "staff",
    "skills": "staff",
}


def tables(size: Size, dice: random.Random) -> Iterator[Table]:
    begins, now = milliseconds(size.begins), milliseconds(NOW)
    days = [date(1970, 1, 1) + timedelta(days=number) for number in range(begins // DAY, now // DAY)]
    months = sorted({f"{day:%Y-%m}" for day in days})
    yield Workspace, [_workspace(begins)]
    yield Slo, (_slo(n) for n in range(1, size.slos + 1))
    yield (
        SloVersion,
        (
            {"slo_id": n, "valid_from": BEGINNING, "valid_to": END, "objective_ppm": 999_000}
            for n in range(1, size.slos + 1)
        ),
    )
    first = begins // HOUR * HOUR
    yield (
        SliSlice,
        (_slice(n, first + hour * HOUR, dice) for hour in range(size.hours) for n in range(1, size.slos + 1)),
    )
    yield CostPartition, (_partition(n, month) for n, month in enumerate(months, 1))
    yield (
        Cost,
        (
            _cost(entry, day, months.index(f"{day:%Y-%m}") + 1, purpose, dice)
            for day in days
            for entry in range(1, size.models + 1)
            for purpose in ("training", "inference")
        ),
    )
    yield Budget, (_budget(month) for month in months)
    yield (
        SurveyResponse,
        (
            _answer(wave, n, at, dice)
            for wave, at in enumerate(range(begins + 90 * DAY, now, 90 * DAY))
            for n in range(40)
        ),
    )
    yield Import, (_import(kind, source, begins, now) for kind, source in SOURCES.items())


def _workspace(begins: int) -> dict[str, Any]:
    return {
        "name": "Bench",
        "time_zone": "Europe/London",
        "currency": "USD",
        "country": "GB",
        "is_demo": 0,
        "made_at": begins,
    }


def _slo(n: int) -> dict[str, Any]:
    return envelope("slo", f"s{n}") | {
        "id": n,
        "entry_id": n,
        "name": f"slo-{n}",
        "objective_percent": "99.9",
        "objective_ppm": 999_000,
        "calendar": 1,
        "budgeting": "occurrences",
    }


def _slice(slo: int, at: int, dice: random.Random) -> dict[str, Any]:
    errors = 400 if dice.random() < 0.01 else dice.randint(0, 9)
    return envelope("slo", f"{slo}:{at}") | {
        "slo_id": slo,
        "started_at": at,
        "seconds": 3600,
        "good_micro": (10_000 - errors) * 1_000_000,
        "total_micro": 10_000 * 1_000_000,
        "covered_seconds": 3600,
    }


def _partition(n: int, month: str) -> dict[str, Any]:
    return {
        "id": n,
        "source": "aws",
        "billing_period": month,
        "part": "",
        "content_hash": str(n),
        "rows": 1,
        "billed": "1",
        "currency": "USD",
        "quality": "[]",
        "imported_at": milliseconds(NOW),
    }


def _cost(entry: int, day: date, partition: int, purpose: str, dice: random.Random) -> dict[str, Any]:
    return {
        "partition_id": partition,
        "entry_id": entry,
        "charged_at": _midnight(day),
        "charge_day": day.isoformat(),
        "billing_period": f"{day:%Y-%m}",
        "provider": "AWS",
        "service_name": "Compute",
        "charge_category": "Usage",
        "is_correction": 0,
        "purpose": purpose,
        "team": team(entry),
        "currency": "USD",
        "rows": 17,
        "billed": f"{dice.uniform(1, 90):.6f}",
        "effective": f"{dice.uniform(1, 80):.6f}",
    }


def _budget(month: str) -> dict[str, Any]:
    first = date.fromisoformat(f"{month}-01")
    return envelope("plan", f"b-{month}") | {
        "scope": "workspace",
        "period": month,
        "starts_at": _midnight(first),
        "ends_at": _midnight((first + timedelta(days=32)).replace(day=1)),
        "amount": "500000",
        "currency": "USD",
    }


def _answer(wave: int, n: int, at: int, dice: random.Random) -> dict[str, Any]:
    return envelope("survey", f"{wave}-{n}") | {
        "survey": "DS/ML satisfaction",
        "wave": f"wave-{wave}",
        "group": team(n),
        "question": "overall",
        "score": str(dice.randint(4, 10)),
        "scale_min": "0",
        "scale_max": "10",
        "anchored_at": at,
    }


def _import(kind: str, source: str, begins: int, now: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "source": source,
        "origin": "bench",
        "state": "done",
        "started_at": now,
        "finished_at": now,
        "made_by": "bench",
        "first_at": begins,
        "last_at": now,
        "covers_until": now,
        "warnings": "[]",
    } | dict.fromkeys(("rows", "new", "changed", "unchanged", "refused", "filtered", "older", "unmapped"), 0)


def _midnight(day: date) -> int:
    return milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
