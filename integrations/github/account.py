"""What somebody said when setting up a source of GitHub, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import PRODUCTION, Flow

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
WORKFLOW = re.compile(r"[\w.-]+\.ya?ml")
PUBLIC = "https://api.github.com"
EARLY = "{} (pre-releases)"
"""How the pre-releases of a repository are named at the set-up."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a workflow does, and for which model."""

    file: str
    flow: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """`production` holds the environments that count as production; a name nobody placed counts as what it says.
    `releases` holds the repositories, and pre-releases of repositories, that are in production once they are published.
    """

    api_url: str
    repositories: tuple[str, ...]
    production: frozenset[str]
    releases: frozenset[str]
    subject_key: str
    version_key: str
    workflows: Mapping[str, Workflow]

    @property
    def web_url(self) -> str:
        """Where people look at it: the API of a server of one's own lies below the same host."""
        if self.api_url.rstrip("/") == PUBLIC:
            return "https://github.com"
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def graphql_url(self) -> str:
        """https://docs.github.com/enterprise-server/graphql/guides/forming-calls-with-graphql"""
        return f"{self.api_url.rstrip('/').removesuffix('/v3')}/graphql"

    def repository(self, name: str) -> str | None:
        """A repository as the set-up spells it; GitHub itself makes no difference between cases."""
        return next((each for each in self.repositories if each.lower() == name.lower()), None)

    def environment(self, name: str) -> str:
        return PRODUCTION if name in self.production or name.lower() == PRODUCTION else name

    def released_to(self, repository: str, *, is_early: bool) -> str:
        """Where a published release goes: production by choice alone."""
        name, elsewhere = (EARLY.format(repository), "pre-releases") if is_early else (repository, "releases")
        return PRODUCTION if name in self.releases else elsewhere


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    repositories = tuple(dict.fromkeys(settings.get("repositories") or ()))
    for name in repositories:
        if not REPOSITORY.fullmatch(name):
            raise Rejected(f"{name[:100]!r} is no repository.", remedy="Write it as owner/name, such as acme/ranker.")
    return Account(
        api_url=str(settings.get("api_url") or PUBLIC),
        repositories=repositories,
        production=frozenset(settings.get("production") or ()),
        releases=frozenset(settings.get("releases") or ()),
        subject_key=str(settings.get("subject_key") or ""),
        version_key=str(settings.get("version_key") or ""),
        workflows={each.file: each for each in map(_workflow, settings.get("workflows") or ())},
    )


def _workflow(line: str) -> Workflow:
    words = line.split(maxsplit=2)
    if len(words) < 2 or not WORKFLOW.fullmatch(words[0]) or words[1] not in list(Flow):
        remedy = f"Write train.yml train, with one of {', '.join(Flow)}."
        raise Rejected(f"{line[:100]!r} names no workflow and what it does.", remedy=remedy)
    return Workflow(words[0], words[1], words[2] if len(words) > 2 else None)
