"""Facts of the summary as sentences: subject, number, comparison, largest contributor. No adjectives, no causes."""

from decimal import Decimal

from ops_console.core import units
from ops_console.measures.readings import Reading, Status
from ops_console.reporting import pieces, words
from ops_console.reporting.evidence import Mover
from ops_console.reporting.snapshot import Snapshot

CONTRIBUTES = Decimal("0.3")
"""A contributor is named where it explains so much of a change."""


def short(reading: Reading) -> str:
    """The name inside a sentence: `MTTR`, `change failure rate`."""
    title = pieces.short_title(reading)
    first = title.split()[0]
    return title if first.isupper() and len(first) > 1 else title[:1].lower() + title[1:]


def quoted(reading: Reading) -> str:
    """`change failure rate 12%, 3 of 25 (< 10%)`."""
    target = f" ({words.target(reading)})" if reading.target else ""
    return f"{short(reading)} {words.value(reading)}{target}"


def usual_fact(reading: Reading) -> str:
    """`MTTR 2 h 10 min mean, median 1 h, n=6; usual 20 to 70 min; target < 1 h`."""
    parts = [f"{pieces.short_title(reading)} {words.value(reading)}"]
    if usual := words.usual(reading):
        parts.append(f"usual {usual}")
    if reading.status is Status.OFF_TARGET and reading.target:
        parts.append(f"target {words.target(reading)}")
    return "; ".join(parts)


def slo_fact(reading: Reading) -> str | None:
    """`Inference SLO missed on 1 of 5 tier 1 endpoints: ranker-v4 99.84% of 99.90%, 160% of budget`."""
    judged = [slo for slo in reading.detail["slos"] if slo["met"] is not None]
    missed = [slo for slo in judged if not slo["met"]]
    if not missed:
        return None
    worst = max(missed, key=lambda slo: (slo["budget_used"] or 0, slo["name"]))
    tier = f"tier {reading.detail['tier']} " if reading.detail.get("tier") else ""
    actual, objective = worst["actual"], worst["objective"]
    used = "" if worst["budget_used"] is None else f", {units.bare_percent(worst['budget_used'])} of budget"
    endpoints = "endpoint" if len(judged) == 1 else "endpoints"
    figure = f"{units.slo_percent(actual, objective)} of {units.slo_percent(objective)}{used}"
    return f"Inference SLO missed on {len(missed)} of {len(judged)} {tier}{endpoints}: {worst['name']} {figure}"


def cost_fact(reading: Reading, snapshot: Snapshot) -> str:
    """`Cost $48,210, 6% over the $45,500 budget; search-embed +$2,140 of +$3,340`."""
    spent, budget = reading.k or Decimal(0), reading.n or Decimal(0)
    estimated = ", estimated" if reading.data_state.value == "estimated" else ""
    text = f"Cost {units.money(spent, reading.currency)}{estimated}"
    if budget:
        text += f", {over(reading)} the {units.money(budget, reading.currency)} budget"
    return "; ".join(filter(None, (text, contributor(reading, snapshot))))


def over(reading: Reading) -> str:
    """`6% over`."""
    return f"{units.bare_percent((reading.value or 1) - 1)} over"


def contributor(reading: Reading, snapshot: Snapshot) -> str:
    """The model that explains most of the change, if it explains enough."""
    before = reading.previous_k
    if before is None or reading.k is None:
        return ""
    change = reading.k - before
    same = [mover for mover in snapshot.evidence.movers if change and mover.delta / change >= CONTRIBUTES]
    if not same:
        return ""
    largest = max(same, key=lambda mover: (abs(mover.delta), mover.subject))
    return f"{largest.subject} {_signed(largest, reading)} of {_change(change, reading)}"


def _signed(mover: Mover, reading: Reading) -> str:
    return _change(mover.delta, reading)


def _change(delta: Decimal, reading: Reading) -> str:
    return units.signed(delta, units.money(abs(delta), reading.currency))
