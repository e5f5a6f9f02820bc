"""What somebody said when setting up a source of GitLab, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import PRODUCTION, Flow

PROJECT = re.compile(r"[\w.-]+(/[\w.-]+)+")
PUBLIC = "https://gitlab.com"
BOT = re.compile(r"(project|group)_\d+_bot.*|.*[-_]bot")
"""How GitLab names the users of its project and group tokens, and people the users of their programs."""
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a pipeline does, and for which model."""

    flow: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """`production` holds the environments that count as production; where nobody chose, the tier of each says it."""

    api_url: str
    projects: tuple[str, ...]
    production: frozenset[str] | None
    pipelines: Mapping[str, Pipeline]
    service_label: str

    def project(self, path: str) -> str | None:
        """A project as the set-up spells it; GitLab itself makes no difference between cases."""
        return next((each for each in self.projects if each.lower() == path.lower()), None)

    def environment(self, name: str, tier: str | None) -> str:
        is_production = tier == PRODUCTION if self.production is None else name in self.production
        return PRODUCTION if is_production or name.lower() == PRODUCTION else name

    def pipeline(self, project: str, name: str | None) -> Pipeline | None:
        """What a pipeline does, if somebody said so of its name or its project."""
        return self.pipelines.get(str(name)) or self.pipelines.get(project)


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    projects = tuple(dict.fromkeys(settings.get("projects") or ()))
    for path in projects:
        if not PROJECT.fullmatch(path):
            remedy = "Write it with its groups, such as acme/search/ranker."
            raise Rejected(f"{path[:100]!r} is no project.", remedy=remedy)
    chosen = settings.get("production")
    return Account(
        api_url=str(settings.get("api_url") or PUBLIC).rstrip("/"),
        projects=projects,
        production=None if chosen is None else frozenset(chosen),
        pipelines=dict(map(_pipeline, settings.get("pipelines") or ())),
        service_label=str(settings.get("service_label") or ""),
    )


def instant(text: str) -> datetime:
    """A time however GitLab writes it: ISO 8601, or with words and spaces as some of its webhooks do."""
    joined = text.strip().replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-")
    found = datetime.fromisoformat(joined)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return found.astimezone(UTC)


def is_bot(user: Item) -> bool | None:
    name = str(user.get("username") or "")
    return bool(user.get("bot") or BOT.fullmatch(name)) if name else None


def _pipeline(line: str) -> tuple[str, Pipeline]:
    flow, _, rest = line.strip().partition(" ")
    name, _, model = rest.partition(" = ")
    if not name.strip() or flow not in list(Flow):
        remedy = f"Write train Nightly training = ranker, with one of {', '.join(Flow)}."
        raise Rejected(f"{line[:100]!r} says of no pipeline what it does.", remedy=remedy)
    return name.strip(), Pipeline(flow, model.strip() or None)
