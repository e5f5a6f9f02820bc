"""What came of one objective in each of some hours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from integrations.prometheus.api import Points, Prometheus
from integrations.prometheus.expression import HOUR, questions
from integrations.prometheus.objectives import Objective
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

MICRO = Decimal("0.000001")
NOTHING = Decimal(0)


def slices(prometheus: Prometheus, objective: Objective, begin: datetime, end: datetime) -> list[Told]:
    """The hours from `begin` to `end` of which something was seen; the others are gaps, and nothing is said of them."""
    asked = questions(objective.expression, objective.range)
    first = begin + timedelta(seconds=HOUR)
    bad, total, seen = (
        prometheus.hours(query, f"{what} of {objective.name}", first, end, HOUR)
        for query, what in zip(asked, ("the bad events", "all events", "what was seen"), strict=True)
    )
    return list(_told(objective, bad, total, seen))


def _told(objective: Objective, bad: Points, total: Points, seen: Points) -> Iterator[Told]:
    for at in sorted(bad.keys() & total.keys() & seen.keys()):
        if seen[at] <= 0:
            continue
        began, valid = iso(datetime.fromtimestamp(at - HOUR, UTC)), max(total[at], NOTHING)
        # What is extrapolated to the ends of the hour may come to a little less than nothing, or more than all.
        good = valid - min(max(bad[at], NOTHING), valid)
        values = {
            "external_id": f"{objective.id}/{began}"[-300:],
            "slo": objective.id,
            "started_at": began,
            "seconds": HOUR,
            "good": _plain(good),
            "total": _plain(valid),
            "covered_seconds": _plain(min(seen[at], Decimal(HOUR))),
        }
        yield Told("sli_slices", values)


def _plain(number: Decimal) -> str:
    return format(number.quantize(MICRO).normalize(), "f")
