"""The real exports: which file is which kind, read with which saved mapping."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file, import_rows
from ops_console.ingest.mapping import read_mapping
from ops_console.ingest.summary import Summary

MAPPINGS = Path(__file__).parent / "mappings"


@dataclass(frozen=True)
class Export:
    """One file of real operational data, below the samples folder."""

    kind: str
    path: str
    mapping: str = ""
    source: str = ""


LIFTWING = (
    Export("deployments", "delivery/liftwing/deployments.csv", "liftwing-deployments"),
    Export("changes", "delivery/liftwing/deployments.csv", "liftwing-changes"),
    Export("incidents", "delivery/liftwing/change_failures.csv", "liftwing-failures", "liftwing"),
)
PROMOTIONS = (Export("deployments", "delivery/liftwing/model_versions.csv", "liftwing-promotions"),)
BUGBUG, TGI, NOTIFY = (
    (
        Export("deployments", f"delivery/{name}/deployments.csv", f"{name}-deployments"),
        Export("changes", f"delivery/{name}/changes.csv", f"{name}-changes"),
        Export("incidents", f"delivery/{name}/change_failures.csv", "failures", name),
    )
    for name in ("bugbug", "text-generation-inference", "notifications-admin")
)
GITHUB = (Export("incidents", "incidents/github-status/incidents.jsonl.gz", "github-incidents"),)
COMPONENTS = (Export("incidents", "incidents/github-status/incidents.jsonl.gz", "github-components"),)
JENKINS = (Export("incidents", "incidents/jenkins-status/incidents.csv", "jenkins-incidents"),)
LLM = (Export("incidents", "incidents/llm-providers/incidents.csv", "llm-incidents"),)
OUTAGES = (Export("sli_slices", "incidents/llm-providers/daily_outage_minutes.csv", "llm-slices"),)
CNCF = (Export("survey_responses", "survey/cncf-maintainers/responses.csv", "cncf-answers"),)
DASK = (Export("survey_responses", "survey/dask-users/responses.csv", "dask-answers"),)
FOCUS = (Export("costs", "focus/focus_1_0_real_multicloud_1000.csv.gz", source="focus-1.0"),)
FOCUS_AWS = (Export("costs", "focus/focus_1_3_synth_aws_2000.csv.gz", source="focus-1.3"),)


def folder(default: Path) -> Path:
    """The samples folder; a test that needs it is skipped, saying so, where it is absent."""
    if not default.is_dir():
        pytest.skip(f"the folder of real exports is not here ({default.name}); set OPS_CONSOLE_SAMPLES to it")
    return default


def load(engine: Engine, samples: Path, *exports: Export) -> list[Summary]:
    """Bring files in through the door."""
    return [_load(engine, samples, export) for export in exports]


def _load(engine: Engine, samples: Path, export: Export) -> Summary:
    mapping = read_mapping(MAPPINGS / f"{export.mapping}.toml", export.kind) if export.mapping else None
    source = export.source or (mapping.source if mapping else "") or ""
    return import_file(engine, samples / export.path, Delivery(export.kind, source, mapping))


def llm_services(samples: Path) -> list[str]:
    """The services of the outage file."""
    with (samples / OUTAGES[0].path).open(encoding="utf-8") as lines:
        return sorted({row["service"] for row in csv.DictReader(lines)})


def add_slos(engine: Engine, services: list[str]) -> Summary:
    """An objective of 99.9 % for each service of the outage file."""
    rows = [
        {"external_id": f"openai:{name}", "name": f"openai:{name}", "service": name, "objective_percent": "99.9"}
        for name in services
    ]
    return import_rows(engine, rows, Delivery("slos", "llm-status"))
