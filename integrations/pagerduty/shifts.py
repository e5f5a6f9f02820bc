"""An on-call entry as a shift: https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls

The entries are computed from every layer and override, whichever version of schedules the account has.
"""

from collections.abc import Sequence
from datetime import datetime

from integrations.pagerduty.account import Account, name_of
from integrations.pagerduty.history import Item, instant
from integrations.pagerduty.told import fact
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso


def ended(oncalls: Sequence[Item], until: datetime, account: Account) -> list[Told]:
    """Shifts that are over: one that is not may still be cut by an override. Whoever is always on call has no shift,
    and a schedule on several escalation policies is told once.
    """
    found = {}
    for each in oncalls:
        is_whole = each.get("schedule") and each.get("start") and each.get("end")
        if is_whole and account.has_schedule(each["schedule"]) and instant(each["end"]) <= until:
            told = _shift(each)
            found[told.values["external_id"]] = told
    return list(found.values())


def _shift(oncall: Item) -> Told:
    schedule, user, began = oncall["schedule"], oncall["user"], iso(instant(oncall["start"]))
    return fact(
        "shifts",
        external_id=f"{schedule['id']}/{user['id']}/{began}",
        url=schedule.get("html_url"),
        schedule=name_of(schedule),
        person=name_of(user),
        started_at=began,
        ended_at=iso(instant(oncall["end"])),
    )
