"""What shipped, how fast, and whether it hurt. Deployments never stand without the change failure rate."""

from ops_console.contracts.document import Block, Figure, Section
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces, words
from ops_console.reporting.snapshot import Snapshot

KEYS = ("model_deployments", "lead_time", "change_failure_rate", "regression_rate")


def deployment_frequency(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(*KEYS)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("deployments", "Deployment frequency", pieces.not_connected(readings))
    drawn = [chart for reading in known for chart in pieces.chart(reading)]
    blocks: list[Block] = [pieces.figures(readings, *_commits(known)), *drawn, *pieces.sources(snapshot, known)]
    return pieces.section("deployments", "Deployment frequency", blocks)


def _commits(readings: list[Reading]) -> list[Figure]:
    """Lead time as software teams count it, beside lead time as model teams do."""
    told = [words.commits(reading) for reading in readings if reading.key == "lead_time"]
    parts = [text.partition(" median") for text in told if text]
    return [Figure(words.COMMITS, reads, note=f"median{rest}") for reads, _, rest in parts]
