"""What somebody said when setting a source of CloudEvents up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import PRODUCTION, Flow


@dataclass(frozen=True, slots=True)
class Rules:
    """`flows` says by its name what a pipeline does."""

    production: frozenset[str]
    flows: Mapping[str, str]
    ticket_types: frozenset[str]

    def environment(self, name: str) -> str:
        return PRODUCTION if name in self.production or name.lower() == PRODUCTION else name

    def is_request(self, ticket_type: str) -> bool:
        return not self.ticket_types or not ticket_type or ticket_type.lower() in self.ticket_types


def rules(settings: Mapping[str, Any]) -> Rules:
    """The rules; `Rejected` names what makes no sense."""
    return Rules(
        production=frozenset(settings.get("production") or ()),
        flows=dict(map(_pipeline, settings.get("pipelines") or ())),
        ticket_types=frozenset(each.lower() for each in settings.get("ticket_types") or ()),
    )


def _pipeline(line: str) -> tuple[str, str]:
    flow, _, name = line.partition(" ")
    if not name.strip() or flow not in list(Flow):
        remedy = f"Write train ranker-training, with one of {', '.join(Flow)}."
        raise Rejected(f"{line[:100]!r} says of no pipeline what it does.", remedy=remedy)
    return name.strip(), flow
