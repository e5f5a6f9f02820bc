"""The columns of facts about operations and the team that are not simply copied."""

from zoneinfo import ZoneInfo

from ops_console.ingest.days import day_end, day_start
from ops_console.ingest.shapes import Columns, Finish, Values


def _alert(row: Columns, values: Values, _zone: ZoneInfo) -> None:
    row["firing"] = values["fingerprint"]


def _finding(row: Columns, values: Values, zone: ZoneInfo) -> None:
    row["due_at"] = day_end(values["due_on"], zone)
    row["waived_at"] = day_end(values["waived_until"], zone)


def _toil(row: Columns, values: Values, zone: ZoneInfo) -> None:
    row["anchored_at"] = day_start(values["date"], zone)


def _capacity(row: Columns, values: Values, zone: ZoneInfo) -> None:
    row["starts_at"], row["ends_at"] = day_start(values["starts_on"], zone), day_end(values["ends_on"], zone)


def _skill(row: Columns, values: Values, zone: ZoneInfo) -> None:
    row["assessed_at"] = day_start(values["assessed_on"], zone)


def _usage(row: Columns, values: Values, zone: ZoneInfo) -> None:
    row["anchored_at"] = day_start(values["date"], zone)


FINISH: dict[str, Finish] = {
    "alerts": _alert,
    "findings": _finding,
    "toil": _toil,
    "capacity": _capacity,
    "skills": _skill,
    "usage": _usage,
}
