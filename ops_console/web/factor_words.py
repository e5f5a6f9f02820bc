"""Contributing factors of a quarter in words and as a drawing."""

from markupsafe import Markup

from ops_console.core import units
from ops_console.reporting.charts.pareto import Bar
from ops_console.reporting.charts.pareto import pareto as drawn
from ops_console.web.filter_bar import sentence
from ops_console.web.reads.factors import Contribution, Pareto

WIDE, NARROW = 1200, 270
MEASURE = "Incidents of the quarter whose review names the factor"


def finding(found: Pareto) -> str:
    """What the bars show, as a sentence."""
    if not found.contributions:
        return "No review names a factor"
    first = found.contributions[0]
    ties = [each for each in found.contributions if len(each.incidents) == len(first.incidents)]
    if len(ties) > 1:
        return f"{len(ties)} factors contributed to {_incidents(len(first.incidents))} each, the most of all"
    return f"{sentence(first.factor)} contributed most often: to {share(first, found)}"


def share(each: Contribution, found: Pareto) -> str:
    return f"{len(each.incidents)} of {_incidents(found.reviewed)}"


def coverage(found: Pareto) -> str:
    """How much of the quarter the bars rest on."""
    return (
        f"n = {found.reviewed} of {_incidents(found.began)} that began in the quarter; the others have no review that "
        "names a factor. Several factors contribute to one incident; each counts once for an incident."
    )


def chart(found: Pareto, width: float) -> Markup:
    bars = [Bar(sentence(each.factor), len(each.incidents), share(each, found)) for each in found.contributions]
    return Markup(drawn(finding(found), MEASURE, bars, width))  # noqa: S704  (our own drawing; its texts are escaped)


def together(each: Contribution) -> str:
    return units.bare_percent(each.together)


def _incidents(count: int) -> str:
    return f"{count} incident" if count == 1 else f"{count} incidents"
