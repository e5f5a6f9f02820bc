"""Work logged on issues whose labels say that it is toil: one fact for each entry."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.jira.account import Account, Item, name_of
from integrations.jira.history import instant
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

ENTRY = "worklogid"


def toil(issue: Item, worklogs: Sequence[Item], account: Account, site: str) -> list[Told]:
    category = account.category(issue)
    return [_fact(issue, each, category, account, site) for each in worklogs] if category else []


def withdrawn(histories: Sequence[Item], worklogs: Sequence[Item], since: datetime) -> Iterator[Told]:
    """Entries that the history says were changed, and that are not there any more."""
    present = {str(each["id"]) for each in worklogs}
    for history in histories:
        at = instant(history["created"])
        for item in history.get("items") or ():
            number = str(item.get("from") or "")
            if at >= since and str(item.get("field")).casefold() == ENTRY and number and number not in present:
                yield Told("toil", {"external_id": number, "deleted": True, "updated_at": iso(at)})


def _fact(issue: Item, worklog: Item, category: str, account: Account, site: str) -> Told:
    """The day is that of whoever worked: Jira writes times in the zone of whoever reads."""
    author = worklog.get("author") or {}
    began = instant(worklog["started"]).astimezone(_zone(author) or account.zone)
    return Told(
        "toil",
        {
            "external_id": str(worklog["id"]),
            "url": f"{site}/browse/{issue['key']}?focusedWorklogId={worklog['id']}",
            "updated_at": iso(instant(worklog.get("updated") or worklog["created"])),
            "person": str(author.get("displayName") or name_of(author) or "unknown"),
            "date": began.date().isoformat(),
            "minutes": round(int(worklog.get("timeSpentSeconds") or 0) / 60),
            "category": category,
        },
    )


def _zone(author: Mapping[str, object]) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(author["timeZone"]))
    except (KeyError, ValueError, OSError):
        return None
