"""Load the workspace "July 2024" from real exports and make its report.

    python -m tests.samples.july FOLDER

FOLDER holds the exports. The database is july-2024.db, the report lands in out/july-2024.
"""

import os
import subprocess
import sys
from pathlib import Path

from ops_console.core.clock import now
from ops_console.core.db import engine_for, transaction
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.records.schema import migrate
from ops_console.records.workspace import Workspace
from ops_console.scorecard.refresh import refresh
from tests.samples import exports as real

URL = "sqlite:///july-2024.db"
OUT = "out/july-2024"

CATALOG = (
    {
        "name": "text-generation-inference",
        "kind": "llm_app",
        "tier": 1,
        "team": "Inference",
        "owner": "inference-leads",
    },
    {"name": "bugbug", "kind": "batch", "tier": 2, "team": "Triage", "owner": "triage-leads"},
    {"name": "github", "kind": "service", "tier": 1, "team": "Platform", "owner": "platform-leads"},
    {"name": "openai", "kind": "service", "tier": 1, "team": "Inference", "owner": "inference-leads"},
    {"name": "notifications-admin", "kind": "service", "tier": 2, "team": "Notify"},
)


def main() -> int:
    samples = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if samples is None or not (samples / "delivery").is_dir():
        print("Name the folder of exports: make july-2024 SAMPLES=folder", file=sys.stderr)
        return 2
    for leftover in Path().glob("july-2024.db*"):
        leftover.unlink()
    migrate(URL)
    engine = engine_for(URL)
    with transaction(engine) as session:
        session.add(Workspace(name="July 2024", time_zone="UTC", currency="USD", made_at=now()))
    catalog = [{"external_id": entry["name"], "lifecycle": "production", **entry} for entry in CATALOG]
    import_rows(engine, catalog, Delivery("models", "catalog"))
    endpoints = real.llm_services(samples)
    inference = {"kind": "online", "tier": 1, "team": "Inference", "owner": "inference-leads"}
    import_rows(
        engine, [{"external_id": name, "name": name, **inference} for name in endpoints], Delivery("models", "catalog")
    )
    real.add_slos(engine, endpoints)
    for group in (real.LIFTWING, real.BUGBUG, real.TGI, real.NOTIFY, real.GITHUB, real.LLM, real.OUTAGES):
        for summary in real.load(engine, samples, *group):
            print(f"{summary.kind:18} {summary.source:28} {summary.new:6} new, {summary.refused} refused")
    for summary in real.load(engine, samples, *real.CNCF, *real.FOCUS):
        print(f"{summary.kind:18} {summary.source:28} {summary.new:6} new, {summary.refused} refused")
    refresh(engine, now())
    engine.dispose()
    command = [Path(sys.executable).parent / "ops-console", "report", "monthly_operations"]
    words = ["--period", "2024-07", "--out", OUT]
    made = subprocess.run([*command, *words], env=os.environ | {"OPS_CONSOLE_DATABASE_URL": URL}, check=False)
    print(f"To look around: OPS_CONSOLE_DATABASE_URL={URL} .venv/bin/ops-console serve")
    return made.returncode


if __name__ == "__main__":
    sys.exit(main())
