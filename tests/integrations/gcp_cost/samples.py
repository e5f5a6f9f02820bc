"""Answers of Google Cloud and what is read from them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from integrations.gcp_cost import budgets, lines, query
from ops_console.contracts.sources import Told


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    said = json.loads(body)
    if event == "budgets":
        day = date.fromisoformat(settings["day"])
        return [budgets.fact(each, settings["scope"], day) for each in said["budgets"]]
    return [Told("costs", lines.fact(row, settings["month"], row["listed"])) for row in query.named(said)]
