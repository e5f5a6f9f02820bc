"""What a run event says: a piece of the run, and whole facts of each check."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.openlineage.events import Body, Event, facet_of, named, short
from integrations.openlineage.rules import Pipeline, Rules
from ops_console.contracts.sources import Piece, Told
from ops_console.core.clock import iso

ENDS = {"COMPLETE": "succeeded", "FAIL": "failed", "ABORT": "cancelled"}
START = "START"
OUTCOMES = {"pass": "passed", "fail": "failed", "skip": "skipped", "error": "errored"}
WARNING = "warn"
"""A check of this severity stops nothing."""
TRIGGERS = {
    "scheduled": "schedule",
    "manual": "manual",
    "backfill": "backfill",
    "dataset_triggered": "event",
    "asset_triggered": "event",
}
"""What Airflow calls the types of its runs."""


def told(event: Event, here: Rules) -> list[Told]:
    """A step is told as a run of its own only where somebody named it as a pipeline."""
    pipeline = here.pipeline(event.namespace, event.job)
    is_step = bool(event.root) and pipeline is None
    run = [] if is_step else [_run(event, pipeline)]
    return [*run, *_checks(event, event.root if is_step else event.run, pipeline)]


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _run(event: Event, pipeline: Pipeline | None) -> Piece:
    at = iso(event.at)
    ends = {"status": ENDS[event.kind], "finished_at": at} if event.kind in ENDS else {}
    begins = {"status": "running", **({"started_at": at} if event.kind == START else {})}
    nominal = event.facets.get("nominalTime") or {}
    values = _known(
        external_id=event.run,
        pipeline=named(event.namespace, event.job),
        run=event.run,
        flow=pipeline.flow if pipeline else None,
        model=pipeline.model if pipeline else None,
        trigger=_trigger(event.facets),
        nominal_at=nominal.get("nominalStartTime"),
        **ends,
    )
    return Piece("pipeline_runs", values, short(f"{event.kind} {at}"), event.at, begins)


def _trigger(facets: Body) -> str | None:
    for name in ("airflowDagRun", "airflow"):
        run = (facets.get(name) or {}).get("dagRun") or {}
        if trigger := TRIGGERS.get(str(run.get("run_type") or "").rpartition(".")[2].lower()):
            return trigger
    return None


def _checks(event: Event, run: str, pipeline: Pipeline | None) -> Iterator[Told]:
    """Each evaluation is one: a run that is tried again under its id hides no failure. Checks of the same name, on the
    same column, are told apart by their order.
    """
    seen: Counter[str] = Counter()
    for dataset, check in _found(event):
        about = "/".join(str(check.get(name) or "") for name in ("name", "column"))
        key = f"{event.run}/{dataset}/{about}/{iso(event.at)}"
        seen[key] += 1
        values = _known(
            external_id=short(f"{key}#{seen[key]}"),
            updated_at=iso(event.at),
            pipeline_run=run,
            name=short(str(check["name"])),
            dataset=short(dataset),
            column=check.get("column"),
            model=pipeline.model if pipeline else None,
            outcome=check["outcome"],
            checked_at=iso(event.at),
        )
        yield Told("quality_checks", {**values, "blocking": check.get("severity") != WARNING})


def _found(event: Event) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for dataset in event.datasets:
        for each in facet_of(dataset, "dataQualityAssertions").get("assertions") or ():
            name, outcome = each.get("name") or each["assertion"], "passed" if each["success"] else "failed"
            yield named(dataset["namespace"], dataset["name"]), {**each, "name": name, "outcome": outcome}
    for each in (event.facets.get("test") or {}).get("tests") or ():
        yield "", {**each, "outcome": OUTCOMES[str(each["status"]).lower()]}
