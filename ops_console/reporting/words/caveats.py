"""What may still move a figure, and how far: said wherever the figure stands with what is known beside it."""

from ops_console.core import units
from ops_console.measures.readings import Reading


def caveats(r: Reading) -> list[str]:
    """`3 releases are younger than 7 days and may still fail`, `at least 33%, with those nobody judged`."""
    return [text for text in (_maturing(r), _suspected(r), at_least(r.detail.get("at_least"))) if text]


def at_least(share: float | None) -> str:
    """The share if none of those that nobody judged were a hit; empty where all were judged."""
    return "" if share is None else f"at least {units.bare_percent(share)}, with those nobody judged"


def _maturing(r: Reading) -> str:
    young = r.detail.get("maturing")
    if not young:
        return ""
    cases, days = r.definition.cases, r.detail["matures_days"]
    what = f"{units.count(young)} {cases} are" if young != 1 else f"1 {cases.removesuffix('s')} is"
    return f"{what} younger than {days} days and may still {r.definition.may_still}"


def _suspected(r: Reading) -> str:
    suspected, share = r.detail.get("suspected"), r.detail.get("value_if_all_confirmed")
    if not suspected or share is None:
        return ""
    confirmed = "that is" if suspected == 1 else "all are"
    return f"{units.count(suspected)} suspected, {units.bare_percent(share)} if {confirmed} confirmed"
