"""A review as Markdown, and Markdown as parts of a review: what goes in comes out, section by section."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.core import units
from ops_console.practices.review_text import SUMMARY, part_for
from ops_console.practices.review_versions import Content

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text: `facts` are pairs such as model and severity. `base` is the address of the console,
    so that links lead there from wherever the text is read.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    zone: ZoneInfo
    base: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of what is written: of a text, or one of a list, with where it comes from."""

    text: str
    is_listed: bool = False
    source: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and what stands under it; the first may have none."""

    level: int
    heading: str
    text: str


def markdown(head: Head, said: Content) -> str:
    """The whole review; parts nobody wrote are left out."""
    lines = [f"# {head.title}", "", *(f"- **{name}**: {value}" for name, value in head.facts)]
    for title, body in written(head, said):
        lines += ["", f"## {title}", "", *map(_line, body)]
    return "\n".join(lines) + "\n"


def written(head: Head, said: Content) -> Iterator[tuple[str, list[Entry]]]:
    """Title and lines of everything there is: parts, timeline, factors, actions."""
    for part in said["parts"]:
        if part["text"].strip():
            yield part["title"], [Entry(line) for line in part["text"].splitlines()]
    lists = {
        "Timeline": [_moment(line, head) for line in said["timeline"]],
        "Contributing factors": [Entry(_factor(each), is_listed=True) for each in said["factors"]],
        "Actions": [Entry(_action(each), is_listed=True) for each in said["actions"]],
    }
    yield from ((title, entries) for title, entries in lists.items() if entries)


def parts_of(text: str) -> dict[str, str]:
    """Text by key of the part it belongs to; by heading, with a leading `#`, where no part is meant for it."""
    found: dict[str, str] = {}
    blocks = list(blocks_of(text))
    for block in blocks:
        known = part_for(block.heading) if block.heading else None
        is_opening = not block.heading or (block.level == 1 and block is blocks[0])
        key = SUMMARY if is_opening else known.key if known else f"# {block.heading}"
        said = block.text
        if block.heading and (is_opening or (known and block.heading.lower() != known.title.lower())):
            said = f"### {block.heading}\n\n{said}".rstrip()
        found[key] = f"{found[key]}\n\n{said}" if key in found else said
    return {key: said for key, said in found.items() if said or key.startswith("# ")}


def blocks_of(text: str) -> list[Block]:
    """The document cut at its main headings: those of the highest rank that stands more than once. Deeper ones stay in
    the text; so do lines of code that look like one.
    """
    lines = text.replace("\r\n", "\n").replace("\0", "").split("\n")
    headings = dict(_headings(lines))
    levels = [level for level, _ in headings.values()]
    main = min((level for level in levels if levels.count(level) > 1), default=min(levels, default=1))
    cuts = [number for number, (level, _) in headings.items() if level <= main]
    found = [Block(0, "", "\n".join(lines[: cuts[0]] if cuts else lines).strip())]
    for began, ended in pairwise([*cuts, len(lines)]):
        level, heading = headings[began]
        found.append(Block(level, heading, "\n".join(lines[began + 1 : ended]).strip()))
    return [block for block in found if block.heading or block.text]


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, tuple[int, str]]]:
    fence = ""
    for number, line in enumerate(lines):
        mark = FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (found := HEADING.match(line)) and found[2]:
            yield number, (len(found[1]), found[2])


def _line(entry: Entry) -> str:
    source = f"[{entry.source}]({entry.link})" if entry.link else entry.source
    return f"{'- ' if entry.is_listed else ''}{entry.text}{f' ({source})' if source else ''}"


def _moment(line: dict[str, Any], head: Head) -> Entry:
    at, link = units.instant(datetime.fromisoformat(line["at"]), head.zone), line["link"] or ""
    whole = f"{head.base}{link}" if link.startswith("/") else link
    return Entry(f"{at}: {line['text']}", is_listed=True, source=line["source"], link=whole)


def _factor(each: dict[str, Any]) -> str:
    word = each["factor"].replace("_", " ").capitalize()
    return f"{word}: {each['note']}" if each["note"] else word


def _action(each: dict[str, Any]) -> str:
    due, state = units.day(date.fromisoformat(each["due_on"])), each["state"].replace("_", " ")
    return f"{each['title']} ({each['kind']}, {each['owner']}, due {due}, {state}): done when {each['done_when']}"
