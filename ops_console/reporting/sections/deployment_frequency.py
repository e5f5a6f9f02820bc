"""What shipped, how fast, and whether it hurt. Deployments never stand without the change failure rate."""

from ops_console.contracts.document import Block, Section
from ops_console.reporting import pieces
from ops_console.reporting.snapshot import Snapshot

KEYS = ("model_deployments", "lead_time", "change_failure_rate", "regression_rate")


def deployment_frequency(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(*KEYS)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("deployments", "Deployment frequency", pieces.not_connected(readings))
    drawn = [chart for reading in known for chart in pieces.chart(reading)]
    blocks: list[Block] = [pieces.figures(readings), *drawn, *pieces.sources(snapshot, known)]
    return pieces.section("deployments", "Deployment frequency", blocks)
