"""Where a running month is expected to end."""

from decimal import Decimal

from ops_console.core import units
from ops_console.measures.readings import Reading


def ahead(r: Reading) -> str:
    """`Expected at the end of Nov 2026: $54,289, 93% of the budget; if as far off as in earlier months, $53,900 to
    $55,100.`; empty where nothing is forecast.
    """
    told = r.detail.get("forecast")
    if not told:
        return ""
    share = f", {units.bare_percent(told['share'])} of the budget" if told.get("share") else ""
    off = ""
    if told.get("low") is not None:
        low, high = (units.money(Decimal(told[end]), r.currency) for end in ("low", "high"))
        off = f"; if as far off as in earlier months, {low} to {high}"
    amount = units.money(Decimal(told["amount"]), r.currency)
    return f"Expected at the end of {units.period_title(r.period.label)}: {amount}{share}{off}."
