"""Pulling as the engine does: each page's rows are read before the next page is asked for."""

import csv
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from integrations.aws_cost import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup, Told
from ops_console.ingest.parse import Parser

BEGAN = datetime(2026, 8, 1, tzinfo=UTC)


@dataclass
class Read:
    """What one pull brought: rows of each part, facts, notes, the cursor it left, and what it ended with."""

    parts: dict[str, list[Mapping[str, Any]]]
    facts: list[Told]
    notes: list[str]
    cursors: list[Mapping[str, Any]]
    trouble: Rejected | Unavailable | None = None

    @property
    def cursor(self) -> Mapping[str, Any]:
        return self.cursors[-1] if self.cursors else {}

    def billed(self, part: str) -> list[str]:
        names = ("BilledCost", "billed_cost")
        return [str(next(row[name] for name in names if name in row)) for row in self.parts[part]]


def pulled(
    setup: Setup, cursor: Mapping[str, Any] = MappingProxyType({}), since: datetime = BEGAN, pages: int | None = None
) -> Read:
    """All pages, or so many; a trouble is kept, not raised."""
    found = Read({}, [], [], [])
    steps = collector.pull(setup, json.loads(json.dumps(dict(cursor))), since)
    try:
        for page in steps:
            if page.charges is not None:
                found.parts[page.charges.part] = [row for each in page.charges.rows for row in _rows(each)]
                found.notes += page.charges.notes
            found.facts += page.facts
            found.cursors.append(json.loads(json.dumps(page.cursor)))
            if len(found.cursors) == pages:
                break
    except (Rejected, Unavailable) as error:
        found.trouble = error
    finally:
        steps.close()
    for told in found.facts:
        Parser(told.kind, "aws_cost", None)(dict(told.values))
    return found


def _rows(each: Mapping[str, Any] | Path | None) -> list[Mapping[str, Any]]:
    if isinstance(each, Path):
        return list(csv.DictReader(gzip.decompress(each.read_bytes()).decode().splitlines()))
    if each is None:
        return []
    Parser("costs", "aws_cost", None)(dict(each))
    return [each]
