"""Whether the load could be borne: pages, when they came, and which alerts sent most of them."""

from collections.abc import Mapping
from typing import Any

from ops_console.contracts.document import Block, Line, Lines, Section, Table
from ops_console.core import units
from ops_console.measures.interruptions import Hours
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces
from ops_console.reporting.snapshot import Snapshot

KEYS = ("team_health", "alert_quality", "toil")
TITLE = "On call"
MOST_ALERTS = 5


def on_call(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(*KEYS)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("oncall", TITLE, pieces.not_connected(readings))
    said = [line for reading in known if (line := _hours(reading))]
    blocks: list[Block] = [
        *([Lines(tuple(map(Line, said)))] if said else []),
        pieces.figures(known),
        *(table for reading in known for table in _loudest(reading, snapshot)),
        *pieces.sources(snapshot, known),
    ]
    return pieces.section("oncall", TITLE, blocks)


def _hours(reading: Reading) -> str:
    """`9 pages: 3 in business hours, 3 off, 3 in sleep hours`"""
    by_hours: Mapping[str, int] | None = reading.detail.get("by_hours")
    if by_hours is None:
        return ""
    pages = units.counted(sum(by_hours.values()), "pages")
    named = ((Hours.BUSINESS, "in business hours"), (Hours.OFF, "off"), (Hours.SLEEP, "in sleep hours"))
    return f"{pages}: {', '.join(f'{units.count(by_hours[kind])} {name}' for kind, name in named)}"


def _loudest(reading: Reading, snapshot: Snapshot) -> list[Table]:
    top: list[dict[str, Any]] = (reading.detail.get("loudest") or {}).get("top", [])
    if not top:
        return []
    rows = tuple((each["name"], units.count(each["count"]), _worth(each)) for each in top[:MOST_ALERTS])
    where = snapshot.url(f"/oncall?period={snapshot.facts.period}")
    more = pieces.more(len(top), len(rows), where)
    return [Table("Alerts that paged most", ("Alert", "Pages", "Actionable"), rows, frozenset({1, 2}), more)]


def _worth(each: Mapping[str, Any]) -> str:
    return f"{units.count(each['k'])} of {units.count(each['n'])}" if each["n"] else "not judged"
