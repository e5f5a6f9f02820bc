"""What a figure consists of, as titled pairs beside its chart: spread and stages, purposes and movers, questions."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.measures.readings import Reading
from ops_console.reporting import words
from ops_console.web.extras import Pairs, Panel, extras

SPREAD = {"mean": "Mean", "median": "Median", "p75": "75th percentile", "p90": "90th percentile"}
HIDDEN = "hidden to protect answers"


def breakdown(found: Reading) -> list[Panel]:
    """Panels of one reading; a panel without a single known pair is not there."""
    panels = {Unit.SECONDS: _times, Unit.MONEY: _money, Unit.SCORE: _scores}.get(found.definition.unit)
    own = [(title, pairs) for title, pairs in panels(found) if pairs] if panels else []
    return own + extras(found)


def _times(found: Reading) -> list[Panel]:
    known = found.spread or {}
    stages = [
        (stage.replace("_", " ").capitalize(), f"{units.duration(of['median'])}, n={units.count(of['n'])}")
        for stage, of in found.detail.get("stages", {}).items()
    ]
    return [
        ("Spread", [(word, units.duration(known[name])) for name, word in SPREAD.items() if name in known]),
        ("Stages, median of each", stages),
        ("Still open", _waiting(found)),
        (words.COMMITS, words.commit_spread(found)),
    ]


def _waiting(found: Reading) -> Pairs:
    """Cases of the window that have not ended, and since when the oldest waits."""
    waiting = found.detail.get("waiting")
    if not waiting:
        return []
    oldest = datetime.fromisoformat(waiting["oldest_at"]).astimezone(ZoneInfo(found.period.zone)).date()
    return [("Of this window", units.count(waiting["count"])), ("Oldest", f"since {units.day(oldest)}")]


def _money(found: Reading) -> list[Panel]:
    detail = found.detail
    movers = [
        (each["subject"], f"{_amount(found, each['amount'])} ({_signed(found, each['change'])})")
        for each in detail.get("movers") or ()
    ]
    others = [(code, units.money(Decimal(sum_), code)) for code, sum_ in _sorted(detail.get("other_currencies"))]
    return [
        ("Forecast for the month", _forecast(found, detail.get("forecast"))),
        ("By purpose", [(name, _amount(found, sum_)) for name, sum_ in _sorted(detail.get("by_purpose"))]),
        ("By provider", [(name, _amount(found, sum_)) for name, sum_ in _sorted(detail.get("by_provider"))]),
        (f"What moved, against {words.compared(found)}", movers),
        ("In other currencies, not added up", others),
    ]


def _forecast(found: Reading, ahead: Mapping[str, Any] | None) -> Pairs:
    if not ahead:
        return []
    share = ahead.get("share")
    pairs = [
        ("Expected", _amount(found, ahead["amount"]) + (f", {units.bare_percent(share)} of budget" if share else ""))
    ]
    if ahead.get("low") is not None:
        pairs.append(("As far off as before", f"{_amount(found, ahead['low'])} to {_amount(found, ahead['high'])}"))
    return pairs


def _scores(found: Reading) -> list[Panel]:
    questions = [
        (name.replace("_", " ").capitalize(), HIDDEN if of.get("hidden") else _answers(of))
        for name, of in sorted(found.detail.get("questions", {}).items())
    ]
    groups = [
        (
            ", ".join(each["names"]),
            HIDDEN if each["hidden"] else f"{units.score(each['mean'])}, n={units.count(each['n'])}",
        )
        for each in found.detail.get("groups") or ()
    ]
    return [("Questions of the wave", questions), ("By team", groups)]


def _answers(of: Mapping[str, Any]) -> str:
    scale = f" of {units.count(of['scale'][1])}" if of.get("scale") else ""
    return f"{units.score(of['mean'])}{scale}, n={units.count(of['n'])}"


def _sorted(sums: Mapping[str, str] | None) -> list[tuple[str, str]]:
    return sorted((sums or {}).items(), key=lambda item: (-Decimal(item[1]), item[0]))


def _amount(found: Reading, text: str) -> str:
    return units.money(Decimal(text), found.currency)


def _signed(found: Reading, text: str) -> str:
    return units.signed(Decimal(text), units.money(abs(Decimal(text)), found.currency))
