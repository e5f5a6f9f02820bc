"""The timeline of a schedule as shifts, overrides applied.

A timeline is cut where it is asked for and at the present: what one person has without a gap is one shift, and it is
told once it is over. Gaps have nobody, and teams or escalations are no persons.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from integrations.jsm_operations.account import Account, Item, instant
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

SEAM = timedelta(minutes=1)
OVERRIDE = "override"


class Stint(NamedTuple):
    """What one person has of a rotation without a gap."""

    person: str
    name: str
    began: datetime
    ended: datetime
    is_override: bool


def stints(rotations: Sequence[Item]) -> list[Stint]:
    return [each for rotation in rotations for each in _joined(rotation.get("periods") or ())]


def told(found: Sequence[Stint], schedule: Item, account: Account, names: Mapping[str, str]) -> list[Told]:
    shifts = {}
    for each in found:
        number = f"{schedule['id']}/{each.person}/{iso(each.began)}"
        name = account.people.get(each.person.casefold()) or each.name or names.get(each.person, each.person)
        shifts[number] = Told(
            "shifts",
            {
                "external_id": number,
                "schedule": schedule["name"],
                "person": account.person(name),
                "started_at": iso(each.began),
                "ended_at": iso(each.ended),
                "override": each.is_override,
            },
        )
    return list(shifts.values())


def _joined(periods: Sequence[Item]) -> Iterator[Stint]:
    last: Stint | None = None
    for each in sorted(filter(None, map(_stint, periods)), key=lambda stint: stint.began):
        if last is not None and each.person == last.person and each.began - last.ended < SEAM:
            ended, is_override = max(last.ended, each.ended), last.is_override and each.is_override
            last = last._replace(ended=ended, is_override=is_override)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _stint(period: Item) -> Stint | None:
    """Opsgenie says recipient, with a name; JSM says responder, with an account id alone."""
    who = period.get("recipient") or period.get("responder") or {}
    if who.get("type") != "user" or not (who.get("id") or who.get("name")):
        return None
    began, ended = instant(period["startDate"]), instant(period["endDate"])
    if ended <= began:
        return None
    name = str(who.get("name") or "")
    return Stint(str(who.get("id") or name), name, began, ended, period.get("type") == OVERRIDE)
