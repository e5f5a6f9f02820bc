"""The way of a change from its first commit, told beside the way of a model version from being ready."""

from ops_console.core import units
from ops_console.measures.readings import Reading

COMMITS = "First commit → production"
STATISTICS = {"median": "Median", "mean": "Mean", "p75": "75th percentile", "p90": "90th percentile"}


def commits(r: Reading) -> str:
    """`6 days median, n=44`; empty where no change with a commit time shipped in the period."""
    found = r.detail.get("first_commit_to_production") or {}
    return f"{units.duration(found['median'])} median, n={units.count(found['n'])}" if found.get("n") else ""


def commit_spread(r: Reading) -> list[tuple[str, str]]:
    """Each statistic by name, and how many changes it is over."""
    found = r.detail.get("first_commit_to_production") or {}
    if not found.get("n"):
        return []
    spread = [(word, units.duration(found[name])) for name, word in STATISTICS.items()]
    return [*spread, ("Changes", units.count(found["n"]))]
