"""Money spent against money planned, and what moved it."""

from decimal import Decimal

from ops_console.contracts.document import Block, Note, Section, Table
from ops_console.core import units
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces
from ops_console.reporting.evidence import Mover
from ops_console.reporting.snapshot import Snapshot

KEY = "cost_vs_budget"


def cost_trends(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(KEY)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("cost", "Cost trends", pieces.not_connected(readings))
    reading = known[0]
    blocks: list[Block] = [
        pieces.figures(known),
        *pieces.chart(reading),
        *movers(reading, snapshot),
        *purposes(reading),
        *_beside(reading),
        *pieces.sources(snapshot, known),
    ]
    return pieces.section("cost", "Cost trends", blocks)


def movers(reading: Reading, snapshot: Snapshot) -> list[Table]:
    """The models whose cost changed most since the period before."""
    rows = tuple(_mover(mover, reading.currency) for mover in snapshot.evidence.movers)
    if not rows:
        return []
    before, now = (units.period_title(period.label) for period in (snapshot.period.previous(), snapshot.period))
    caption = f"What moved the cost, {units.period_name(snapshot.period.previous().label)} to {now}"
    columns = ("Model or service", before, now, "Change")
    return [Table(caption, columns, rows, frozenset({1, 2, 3}))]


def _mover(mover: Mover, currency: str | None) -> tuple[str, ...]:
    change = units.signed(mover.delta, units.money(abs(mover.delta), currency))
    return (mover.subject, units.money(mover.before, currency), units.money(mover.now, currency), change)


def purposes(reading: Reading) -> list[Table]:
    """Training, inference and the rest, where the bill tells them apart."""
    found = {name: Decimal(amount) for name, amount in (reading.detail.get("by_purpose") or {}).items()}
    if set(found) <= {"unallocated"} or not reading.k:
        return []
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple(
        (name, units.money(amount, reading.currency), units.bare_percent(amount / reading.k))
        for name, amount in ordered
    )
    return [Table("By purpose", ("Purpose", "Cost", "Share"), rows, frozenset({1, 2}))]


def _beside(reading: Reading) -> list[Note]:
    notes = []
    others = reading.detail.get("other_currencies") or {}
    if others:
        listed = ", ".join(units.money(Decimal(amount), currency) for currency, amount in sorted(others.items()))
        notes.append(Note(f"Not added up, in other currencies: {listed}."))
    share = reading.detail.get("unallocated_share")
    if share:
        amount = units.money(Decimal(reading.detail["unallocated"]), reading.currency)
        notes.append(Note(f"Charged to no model: {amount} ({units.bare_percent(share)})."))
    return notes
