"""Pulling as the engine does: each page's rows are read before the next page is asked for."""

import csv
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from integrations.focus import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from tests.integrations.focus.shelf import NOW

NEVER: Mapping[str, Any] = MappingProxyType({})


@dataclass
class Read:
    """Billed amounts of each part, the cursors one pull left, and what it ended with."""

    parts: dict[str, list[str]] = field(default_factory=dict)
    cursors: list[Mapping[str, Any]] = field(default_factory=list)
    trouble: Rejected | Unavailable | None = None

    @property
    def cursor(self) -> Mapping[str, Any]:
        return self.cursors[-1] if self.cursors else {}


def pulled(setup: Setup, cursor: Mapping[str, Any] = NEVER, parts: int | None = None) -> Read:
    """All files, or so many; a trouble is kept, not raised."""
    found = Read()
    steps = collector.pull(setup, json.loads(json.dumps(dict(cursor))), NOW)
    try:
        for page in steps:
            if page.charges is not None:
                assert not page.charges.is_whole
                rows = [row for each in page.charges.rows if isinstance(each, Path) for row in _rows(each)]
                found.parts[page.charges.part] = [row["BilledCost"] for row in rows]
            found.cursors.append(json.loads(json.dumps(page.cursor)))
            if len(found.parts) == parts:
                break
    except (Rejected, Unavailable) as error:
        found.trouble = error
    finally:
        steps.close()
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    return list(csv.DictReader(text.decode().splitlines()))
