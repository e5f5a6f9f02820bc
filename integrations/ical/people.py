"""Whom an event calls: everybody who is invited and has not declined, else the person its title names."""

import re
from collections.abc import Sequence
from typing import Any

from icalendar import Event

PERSON, ANYTHING = "{person}", "*"
THINGS = ("ROOM", "RESOURCE")
LONGEST = 300
ABSENT = "DECLINED"
ONLOOKER = "NON-PARTICIPANT"


class Naming:
    """How titles name a person: `On call - * - {person}`. Without a pattern the whole title does."""

    def __init__(self, pattern: str = "") -> None:
        parts = re.split(r"(\{person\}|\*)", pattern.strip()) if pattern.strip() else [PERSON]
        shapes = {PERSON: "(?P<person>.+?)", ANYTHING: ".*?"}
        met: set[str] = set()
        written = []
        for each in parts:
            # A second mention of the person is anything.
            written.append(shapes[ANYTHING] if each == PERSON and PERSON in met else shapes.get(each, re.escape(each)))
            met.add(each)
        self._pattern = re.compile("".join(written), re.I | re.S)

    def person(self, title: str) -> str:
        found = self._pattern.fullmatch(" ".join(title.split())[:LONGEST])
        return (found.groupdict().get("person") or "").strip() if found else ""


def people(event: Event, naming: Naming) -> list[str]:
    """By name, or by address where they have none."""
    invited = event.get("ATTENDEE") or []
    found = [_name(each) for each in (invited if isinstance(invited, list) else [invited]) if _comes(each)]
    named = found or [naming.person(str(event.get("SUMMARY") or ""))]
    return list(dict.fromkeys(each[:LONGEST] for each in named if each))


def _comes(attendee: Any) -> bool:
    params = attendee.params
    is_person = str(params.get("CUTYPE", "")).upper() not in THINGS
    said, role = (str(params.get(name, "")).upper() for name in ("PARTSTAT", "ROLE"))
    return is_person and said != ABSENT and role != ONLOOKER


def _name(attendee: Any) -> str:
    common = attendee.params.get("CN")
    name = str(common[0] if isinstance(common, Sequence) and not isinstance(common, str) and common else common or "")
    return name.strip() or re.sub(r"^mailto:", "", str(attendee), flags=re.I).strip()
