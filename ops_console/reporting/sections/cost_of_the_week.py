"""What the week cost, and where the month stands against its budget."""

from ops_console.contracts.document import Block, Line, Lines, Note, Section
from ops_console.core import units
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces, words
from ops_console.reporting.sections.cost_trends import KEY, movers, purposes
from ops_console.reporting.snapshot import Snapshot

TITLE = "Cost against budget"


def cost_of_the_week(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(KEY)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("cost", TITLE, pieces.not_connected(readings))
    week = known[0]
    blocks: list[Block] = [
        Lines((Line(_week(week, snapshot)),)),
        pieces.figures(snapshot.month),
        *(Note(said) for reading in snapshot.month if (said := words.ahead(reading))),
        *purposes(week),
        *movers(week, snapshot),
        *pieces.sources(snapshot, [week]),
    ]
    return pieces.section("cost", TITLE, blocks)


def _week(week: Reading, snapshot: Snapshot) -> str:
    """`Week 44, 2026: $12,345, +$310 (+2.6%) on W43; the budget is that of the month`"""
    name = units.period_title(snapshot.facts.period)
    if week.k is None:
        return f"{name}: no cost is billed yet"
    change = words.delta(week)
    against = f", {change} on {words.compared(week)}" if change else ""
    return f"{name}: {units.money(week.k, week.currency)}{against}; the budget is that of the month"
