"""Answers of AWS and what is read from them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.aws_cost import budgets, charges
from ops_console.contracts.sources import Told


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    said = json.loads(body)
    if event == "DescribeBudgets":
        return [told for each in said["Budgets"] for told in budgets.facts(each, settings["scope"])]
    return [Told("costs", row) for row in charges.facts(said, settings.get("model_tag", ""))]
