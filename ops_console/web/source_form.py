"""A source as a form writes it: its name, what its integration asks for, where its secrets lie, and from when on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from ops_console.contracts.integration import Manifest
from ops_console.contracts.sources import Discovery, Found, Option, Setup
from ops_console.core.clock import now
from ops_console.core.periods import midnight
from ops_console.core.settings import Settings
from ops_console.core.units import counted
from ops_console.ingest import sources
from ops_console.records.sources import Source
from ops_console.web.view import workspace

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
BACK = timedelta(days=180)
"""How far a new source looks back, unless somebody says otherwise."""
PREVIEWED = timedelta(days=90)
ANSWER, SECRET = "answer-", "secret-"
Errors = list[tuple[str, str]]


@dataclass
class Draft:
    """What somebody wrote so far. `answers` are the names ticked for each question of the preview."""

    name: str
    settings: dict[str, Any]
    secrets: dict[str, str]
    since: str
    errors: Errors = field(default_factory=list)

    def setup(self, manifest: Manifest, settings: Settings) -> Setup:
        source = Source(
            integration=manifest.key,
            name=self.name,
            settings=self.settings,
            secrets=self.secrets,
            minutes=manifest.minutes,
            since=self.begin,
            due_at=now(),
            made_by="",
            made_at=now(),
        )
        return sources.setup_of(source, settings)

    @property
    def begin(self) -> datetime:
        return midnight(date.fromisoformat(self.since), workspace().zone)

    def text(self, option: Option) -> str:
        said = self.settings.get(option.name, option.default)
        return "\n".join(said) if isinstance(said, list) else str(said)


def blank(manifest: Manifest, taken: Sequence[str]) -> Draft:
    """A new source, under the first name that is free."""
    first = manifest.key.replace("_", "-")
    names = [first, *(f"{first}-{number}" for number in range(2, len(taken) + 3))]
    name = next(each for each in names if each not in taken)
    day = (now() - BACK).astimezone(workspace().zone).date()
    return Draft(name, {}, {}, day.isoformat())


def of_source(source: Source) -> Draft:
    day = source.since.astimezone(workspace().zone).date()
    return Draft(source.name, dict(source.settings), dict(source.secrets), day.isoformat())


def read(manifest: Manifest, form: MultiDict[str, str], settings: Settings, name: str = "") -> Draft:
    """What a form says, and what is wrong with it. A source that exists keeps its `name`."""
    draft = Draft(name or form.get("name", "").strip(), {}, {}, form.get("since", "").strip())
    if not name and not NAME.fullmatch(draft.name):
        draft.errors.append(("name", "Write small letters, digits and hyphens, such as github or github-search."))
    for option in manifest.options:
        _read_option(option, form.get(option.name, ""), draft)
    for key in form:
        if key.startswith(ANSWER):
            draft.settings[key.removeprefix(ANSWER)] = [each for each in form.getlist(key) if each]
    draft.secrets = {each.name: form.get(f"{SECRET}{each.name}", "").strip() for each in manifest.secrets}
    wrong = sources.check_secrets(manifest, draft.secrets, settings)
    draft.errors += [(f"{SECRET}{name}", sentence) for name, sentence in wrong.items()]
    try:
        if draft.begin > now():
            draft.errors.append(("since", "Choose a day that has been."))
    except (ValueError, OverflowError):
        draft.errors.append(("since", "Write the first day as 2026-06-01."))
    return draft


def _read_option(option: Option, text: str, draft: Draft) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    draft.settings[option.name] = lines if option.many else text.strip()
    if option.required and not lines:
        draft.errors.append((option.name, f"{option.label} cannot be empty."))
    elif option.is_address and not all(map(_is_address, lines)):
        draft.errors.append((option.name, "Write an address such as https://api.example.com, without a password."))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc


def effects(discovery: Discovery, settings: Mapping[str, Any]) -> list[str]:
    """What the names ticked come to, a sentence for each question."""
    found = []
    for question in discovery.questions:
        ticked = ticks(question.setting, discovery, settings)
        count = _together([each for each in question.found if each.name in ticked])
        total = _together(question.found)
        ticks_told = f"{len(ticked)} of {len(question.found)} ticked"
        found.append(f"{count:,} of {counted(total, question.counted)} {_verb(count)}, with {ticks_told}.")
    return found


def _verb(count: int) -> str:
    return "counts" if count == 1 else "count"


def _together(found: Sequence[Found]) -> int:
    """What hangs on some names; what hangs on several of them counts once."""
    members = {member for each in found for member in each.members}
    return len(members) + sum(each.count for each in found if not each.members)


def ticks(setting: str, discovery: Discovery, settings: Mapping[str, Any]) -> list[str]:
    """The names that are ticked: those somebody chose, before that those suggested."""
    question = next(each for each in discovery.questions if each.setting == setting)
    chosen = settings.get(setting)
    return [each.name for each in question.found if (each.suggested if chosen is None else each.name in chosen)]
