"""Experiments: the questions somebody tried out, and those that are pipelines, with their runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.mlflow.account import Account, Pipeline
from integrations.mlflow.api import Item, MLflow
from integrations.mlflow.history import History, State
from integrations.mlflow.registry import Step
from integrations.mlflow.told import instant, stamp
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

DEFAULT = "0"
"""Where runs go of which nobody said where; no question was asked there."""
EXPERIMENTS, RUNS = "the experiments", "the runs of {}"
A_PAGE = 200
OVERLAP = timedelta(hours=1)
"""Runs may be told late, and clocks differ."""
MOST_OPEN = 500
"""So many running runs are asked for again, the newest."""
STATUSES = {"FINISHED": "succeeded", "FAILED": "failed", "KILLED": "cancelled"}
DELETED = "deleted"


def listed(mlflow: MLflow) -> Iterator[list[Item]]:
    """All experiments, page by page, deleted ones too."""
    question: dict[str, Any] = {"max_results": A_PAGE, "view_type": "ALL"}
    yield from _pages(mlflow, "experiments/search", "experiments", EXPERIMENTS, question)


@dataclass
class Questions:
    """Experiments that are questions, with the first version that they led to."""

    mlflow: MLflow
    account: Account
    history: History
    since: datetime

    def walk(self) -> Iterator[Step]:
        for page in listed(self.mlflow):
            yield Step([told for each in page for told in self._met(each)])

    def _met(self, experiment: Item) -> list[Told]:
        number, began = str(experiment["experiment_id"]), experiment.get("creation_time")
        if number == DEFAULT or began is None or instant(began) < self.since:
            return []
        known = self.history.questions.setdefault(number, {})
        told = self._fact(experiment, known)
        if known.get("told") == told or (told["deleted"] and "told" not in known):
            return []
        known["told"] = told
        return [Told("experiments", {**told, "updated_at": iso(self.mlflow.at)})]

    def _fact(self, experiment: Item, known: State) -> dict[str, Any]:
        number, name = str(experiment["experiment_id"]), str(experiment["name"])
        led = {"model": known["model"], "version": known["version"]} if "version" in known else {}
        is_gone = experiment.get("lifecycle_stage") == DELETED or not self.account.is_question(name)
        return {
            "external_id": number,
            "name": name[:300],
            "url": f"{self.account.url}/#/experiments/{number}",
            "started_at": iso(instant(experiment["creation_time"])),
            **led,
            "deleted": is_gone,
        }


@dataclass
class Runs:
    """Runs of one experiment that is a pipeline. `place` says until when all are known, and which were running."""

    mlflow: MLflow
    account: Account
    experiment: str
    pipeline: Pipeline
    place: State
    since: datetime

    def walk(self) -> Iterator[Step]:
        what = RUNS.format(self.experiment)
        found = self.mlflow.read("experiments/get-by-name", what, experiment_name=self.experiment)
        if self.place.get("open"):
            yield Step(self._again())
        began = instant(self.place["at"]) - OVERLAP if "at" in self.place else self.since
        question = {
            "experiment_ids": [found["experiment"]["experiment_id"]],
            "filter": f"attributes.start_time >= {stamp(max(began, self.since))}",
            "order_by": ["attributes.start_time ASC"],
            "max_results": A_PAGE,
        }
        for page in _pages(self.mlflow, "runs/search", "runs", what, question):
            told = [self._fact(run["info"]) for run in page]
            self._note(page)
            yield Step(told)

    def _again(self) -> list[Told]:
        told = []
        for run_id in list(self.place["open"]):
            answer = self.mlflow.found("runs/get", f"the run {run_id}", run_id=run_id)
            if answer is None:
                self.place["open"].remove(run_id)
                continue
            told.append(self._fact(answer["run"]["info"]))
            if not _is_open(answer["run"]["info"]):
                self.place["open"].remove(run_id)
        return told

    def _note(self, page: list[Item]) -> None:
        infos = [run["info"] for run in page]
        met = {str(info["run_id"]) for info in infos}
        running = [str(info["run_id"]) for info in infos if _is_open(info)]
        self.place["open"] = [*(each for each in self.place.get("open", ()) if each not in met), *running][-MOST_OPEN:]
        if infos:
            self.place["at"] = int(infos[-1]["start_time"])

    def _fact(self, info: Item) -> Told:
        status = STATUSES.get(str(info.get("status")), "running")
        began, ended = info.get("start_time"), info.get("end_time")
        values = {
            "external_id": info["run_id"],
            "url": f"{self.account.url}/#/experiments/{info['experiment_id']}/runs/{info['run_id']}",
            "updated_at": iso(instant(ended if ended and status != "running" else began)),
            "pipeline": self.experiment,
            "run": info["run_id"],
            "flow": self.pipeline.flow,
            "model": self.pipeline.model,
            "status": status,
            "started_at": iso(instant(began)),
            "finished_at": iso(instant(ended)) if ended and status != "running" else None,
        }
        return Told("pipeline_runs", {name: value for name, value in values.items() if value is not None})


def _is_open(info: Item) -> bool:
    return info.get("status") not in STATUSES


def _pages(mlflow: MLflow, address: str, key: str, what: str, question: Mapping[str, Any]) -> Iterator[list[Item]]:
    """A list by `POST`. A page may be empty and yet be followed by others."""
    token = ""
    while True:
        said = mlflow.asked(address, what, {**question, **({"page_token": token} if token else {})})
        yield list(said.get(key) or ())
        token = said.get("next_page_token") or ""
        if not token:
            return
