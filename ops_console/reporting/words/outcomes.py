"""What models are said to have changed in the business, one line for each outcome."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ops_console.core import units
from ops_console.measures.claims import NAMED, percentage
from ops_console.measures.readings import Reading

OUTCOME_COLUMNS = ("Model", "Metric", "Before", "With the model", "Change", "Measured by", "Period", "To note")
METHODS = {"ab_test": "A/B test", "hold_out": "hold-out", "pre_post": "before and after", "estimate": "estimate"}
NOVEL_BELOW = 14
"""An outcome of fewer days may be the effect of something new."""

WHOLE = 1000
"""Money is told in whole units from here on; below, cents may be all that changed."""


def outcomes(r: Reading) -> list[tuple[str, ...]]:
    """A line for each approved outcome of the period; never a mean or a sum."""
    return [_line(claim) for claim in (r.detail.get("outcomes") or {}).get("claims", ())]


def _line(claim: Mapping[str, Any]) -> tuple[str, ...]:
    began, ended = (date.fromisoformat(claim[name]) for name in ("from", "until"))
    return (
        claim["model"],
        claim["metric"],
        _amount(claim, claim["baseline"]),
        _amount(claim, claim["observed"]),
        _change(claim),
        METHODS.get(claim["method"], claim["method"]),
        units.span(began, ended),
        "; ".join(_notes(claim)),
    )


def _amount(claim: Mapping[str, Any], text: str | None) -> str:
    if text is None:
        return "not given"
    amount, currency = Decimal(text), claim["currency"]
    if currency and abs(amount) >= WHOLE:
        return units.money(amount, currency)
    if scale := percentage(claim["unit"]):
        return f"{units.number(amount * scale)}%"
    return f"{units.number(amount)} {currency or claim['unit'] or ''}".rstrip()


def _change(claim: Mapping[str, Any]) -> str:
    """`+4.2% (1.0 to 7.4%)`, `+1.2 pp`; what was not told cannot be said."""
    change, low, high = claim["change"], claim["change_low"], claim["change_high"]
    if change is None:
        return "cannot be told"
    said = _signed(claim, change)
    return said if low is None or high is None else f"{said}, between {_signed(claim, low)} and {_signed(claim, high)}"


def _signed(claim: Mapping[str, Any], change: float) -> str:
    size = abs(change)
    return units.signed(change, f"{units.number(size)} pp" if claim["in_points"] else units.bare_percent(size))


def _notes(claim: Mapping[str, Any]) -> list[str]:
    share = claim["attribution_share"]
    rivals = claim["also_claimed_by"][:NAMED]
    number = claim.get("rivals", len(claim["also_claimed_by"]))  # figures kept from before name all of them
    others = ", ".join([*rivals, *([f"{number - NAMED} more"] if number > NAMED else [])])
    said = (
        (claim["method"] == "estimate", "an estimate, not measured"),
        (share is not None, f"claims {units.bare_percent(Decimal(share or 0))} of it"),
        (bool(rivals), f"{others} {'claims' if number == 1 else 'claim'} it too, together more than 100%"),
        (claim["days"] < NOVEL_BELOW, f"{claim['days']} days, may be novelty"),
        (claim["change_low"] is None, "no interval"),
    )
    return [text for holds, text in said if holds]
