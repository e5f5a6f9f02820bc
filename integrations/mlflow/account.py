"""What somebody said when setting up a source of MLflow, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.mlflow import marks
from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import PRODUCTION, Flow

METRIC = re.compile(r"(\S+)\s+(higher|lower)(?:\s+(\d+(?:\.\d+)?))?")
PIPELINE = re.compile(rf"({'|'.join(Flow)})\s+([^\s=].*?)(?:\s+=\s+(\S.*))?")


@dataclass(frozen=True, slots=True)
class Metric:
    """Which way is better, and how much worse is still accepted."""

    direction: str
    threshold: Decimal | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What the runs of an experiment do, and for which model."""

    flow: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """`ready` and `production` hold the marks chosen; where nobody chose, those whose words say so. `questions` are the
    experiments that count as such; where nobody chose, all that are no pipelines.
    """

    url: str
    ready: frozenset[str] | None
    production: frozenset[str] | None
    questions: frozenset[str] | None
    metrics: Mapping[str, Metric]
    pipelines: Mapping[str, Pipeline]

    def is_ready(self, mark: str) -> bool:
        return marks.sounds_ready(mark) if self.ready is None else mark in self.ready

    def is_production(self, mark: str) -> bool:
        return marks.sounds_live(mark) if self.production is None else mark in self.production

    def environment(self, mark: str) -> str | None:
        """What a version with this mark serves: an alias or stage that is not production is a place of its own."""
        return PRODUCTION if self.is_production(mark) else marks.place(mark)

    def is_question(self, experiment: str) -> bool:
        if experiment in self.pipelines:
            return False
        return self.questions is None or experiment in self.questions

    @property
    def rules(self) -> str:
        """What tells these rules from others."""
        return str([sorted(each) if each is not None else None for each in (self.ready, self.production)])

    def version_page(self, model: str, version: str) -> str:
        return f"{self.url}/#/models/{model}/versions/{version}"


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    return Account(
        url=str(settings.get("url") or "").rstrip("/"),
        ready=_chosen(settings, "ready"),
        production=_chosen(settings, "production"),
        questions=_chosen(settings, "questions"),
        metrics=dict(map(_metric, settings.get("metrics") or ())),
        pipelines=dict(map(_pipeline, settings.get("pipelines") or ())),
    )


def _chosen(settings: Mapping[str, Any], name: str) -> frozenset[str] | None:
    said = settings.get(name)
    return None if said is None else frozenset(said)


def _metric(line: str) -> tuple[str, Metric]:
    said = METRIC.fullmatch(line.strip())
    if said is None:
        remedy = "Write auc higher, or auc higher 0.005."
        raise Rejected(f"{line[:100]!r} names no metric and which way is better.", remedy=remedy)
    return said[1], Metric(said[2], Decimal(said[3]) if said[3] else None)


def _pipeline(line: str) -> tuple[str, Pipeline]:
    said = PIPELINE.fullmatch(line.strip())
    if said is None:
        remedy = f"Write train ranker-training = ranker, with one of {', '.join(Flow)}."
        raise Rejected(f"{line[:100]!r} says of no experiment what its runs do.", remedy=remedy)
    return said[2], Pipeline(said[1], said[3])
