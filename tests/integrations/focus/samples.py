"""A row of a FOCUS file, and the cost that becomes of it at the door."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ops_console.contracts.sources import Told
from ops_console.ingest.focus import COLUMNS, understood, with_focus_habits
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.rules import Rules


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    rules = Rules("costs", with_focus_habits(Document()), (), synonyms=COLUMNS)
    return [Told("costs", understood(values)[0]) for values in rules(json.loads(body))]
