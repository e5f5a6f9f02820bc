"""Pulling as the engine does: each page's rows are read before the next page is asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from integrations.gcp_cost import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup, Told
from ops_console.ingest.parse import Parser
from tests.integrations.gcp_cost.cloud import BEGAN

NEVER: Mapping[str, Any] = MappingProxyType({})


@dataclass
class Read:
    """What one pull brought: rows of each part, facts, the cursors it left, and what it ended with."""

    parts: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    facts: list[Told] = field(default_factory=list)
    cursors: list[Mapping[str, Any]] = field(default_factory=list)
    waits: int = 0
    trouble: Rejected | Unavailable | None = None

    @property
    def cursor(self) -> Mapping[str, Any]:
        return self.cursors[-1] if self.cursors else {}


def pulled(setup: Setup, cursor: Mapping[str, Any] = NEVER, since: datetime = BEGAN, pages: int | None = None) -> Read:
    """All pages, or so many; a trouble is kept, not raised."""
    found = Read()
    steps = collector.pull(setup, json.loads(json.dumps(dict(cursor))), since)
    try:
        for page in steps:
            if page.charges is not None:
                rows = list(page.charges.rows)
                found.parts[page.charges.part] = [row for row in rows if isinstance(row, Mapping)]
                found.waits += rows.count(None)
            found.facts += page.facts
            found.cursors.append(json.loads(json.dumps(page.cursor)))
            if len(found.cursors) == pages:
                break
    except (Rejected, Unavailable) as error:
        found.trouble = error
    finally:
        steps.close()
    for told in [*found.facts, *(Told("costs", row) for rows in found.parts.values() for row in rows)]:
        Parser(told.kind, "gcp_cost", None)(dict(told.values))
    return found
