"""One walk through a whole registry, compared with what it was seen to hold before.

MLflow tells neither when an alias was moved nor what was deleted, so every version is looked at each time. What moved
since the last walk is dated by the server's clock as it was when this walk began.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from integrations.mlflow import marks
from integrations.mlflow.account import Account
from integrations.mlflow.api import Item, MLflow
from integrations.mlflow.history import History, Move, State
from integrations.mlflow.told import evaluation, instant, metrics_of, registered, stamp, there, updated_at
from ops_console.contracts.sources import Told

MODELS_A_PAGE, VERSIONS_A_PAGE = 100, 1000
TOLD_AT_ONCE = 200
ORDER = ["name ASC", "version_number ASC"]
"""Other orders change while somebody walks."""
VERSIONS, MODELS = "the versions of models", "the registered models"
Aliases = Mapping[str, Mapping[str, Sequence[str]]]
"""Of each model, the aliases of its versions."""


class Step(NamedTuple):
    """Facts, and of how many models so many are done."""

    told: Sequence[Told]
    done: int = 0
    total: int | None = None


@dataclass
class Registry:
    mlflow: MLflow
    account: Account
    history: History
    since: datetime
    at: datetime = field(init=False)
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def walk(self) -> Iterator[Step]:
        aliases = self._aliases()
        order = {model: place for place, model in enumerate(sorted(aliases))}
        told: list[Told] = []
        done = 0
        for version in self._versions():
            model = str(version["name"])
            told += self._met(version, aliases.get(model, {}).get(str(version["version"]), ()))
            done = order.get(model, done)
            if len(told) >= TOLD_AT_ONCE:
                yield Step(told, done, len(order))
                told = []
        yield Step(told, len(order), len(order))
        for buried in self._vanished(aliases):
            yield Step(buried, len(order), len(order))
        self.history.close(self.at, self.account)
        yield Step((), len(order), len(order))

    def _aliases(self) -> Aliases:
        found: dict[str, dict[str, list[str]]] = {}
        for page in self.mlflow.pages(
            "registered-models/search", "registered_models", MODELS, max_results=MODELS_A_PAGE
        ):
            if not found:
                self.at = self.mlflow.at
            for model in page:
                mine = found.setdefault(str(model["name"]), {})
                for each in model.get("aliases") or ():
                    mine.setdefault(str(each["version"]), []).append(str(each["alias"]))
        return found

    def _versions(self) -> Iterator[Item]:
        asked = {"max_results": VERSIONS_A_PAGE, "order_by": ORDER}
        for page in self.mlflow.pages("model-versions/search", "model_versions", VERSIONS, **asked):
            yield from page

    def _met(self, version: Item, aliases: Sequence[str]) -> list[Told]:
        """What is new of a version."""
        model, number = str(version["name"]), str(version["version"])
        self.seen[model].add(number)
        held = self.history.of(model, number)
        found = sorted(mark for mark in marks.of_version(version, aliases) if self._counts(mark))
        if held and held["marks"] == found and held["updated"] == updated_at(version):
            return []
        told: list[Told] = []
        state: State = {**(held or {}), "marks": found, "live": any(map(self.account.is_production, found))}
        if held is None or held["updated"] != updated_at(version):
            told += self._described(version, state, is_known=held is not None)
        for mark in sorted(set(found) - set(held["marks"] if held else ())):
            move = self._move(version, mark, held)
            self.history.add_move(move)
            told += move.told(self.account)
        self.history.keep(model, number, state)
        self._led(state, model, number)
        return told

    def _counts(self, mark: str) -> bool:
        return not marks.is_tag(mark) or self.account.is_ready(mark) or self.account.is_production(mark)

    def _described(self, version: Item, state: State, *, is_known: bool) -> list[Told]:
        """A version that is new, or that changed."""
        model, number = str(version["name"]), str(version["version"])
        run = self._run(version, state)
        state["updated"] = updated_at(version)
        told: list[Told] = [registered(version, run, self.account)]
        if not is_known and self.history.whole_at is not None and not self._is_new(version):
            told.append(there(model, number, self.at, is_gone=False))
        if run is None:
            return told
        state["experiment"] = str((run.get("info") or {}).get("experiment_id") or "")
        state["metrics"] = metrics_of(run, self.account.metrics)
        before = self.history.metrics_before(model, number, int(version["creation_timestamp"]), self.account)
        for name in state["metrics"]:
            metric = self.account.metrics[name]
            told.append(evaluation(version, run, name, metric, before.get(name), self.account))
        return told

    def _run(self, version: Item, state: State) -> Item | None:
        """The run that made a version; of what was made and replaced long ago nobody asks."""
        run_id, is_young = version.get("run_id"), instant(version["creation_timestamp"]) >= self.since
        if not run_id or not (is_young or state["live"]):
            return None
        found = self.mlflow.found("runs/get", f"the run {run_id}", run_id=run_id)
        run: Item | None = found and found.get("run")
        return run

    def _move(self, version: Item, mark: str, held: State | None) -> Move:
        """Changing a stage is dated by MLflow, giving an alias or a tag is not."""
        model, number = str(version["name"]), str(version["version"])
        changed = updated_at(version)
        is_dated = marks.is_stage(mark) and (held is None or changed > held["updated"])
        was_known = held is not None or self._is_new(version)
        was_seen = was_known and not (marks.is_tag(mark) and self.history.rules_changed(self.account))
        return Move(changed if is_dated and was_seen else stamp(self.at), model, number, mark, was_seen)

    def _is_new(self, version: Item) -> bool:
        """Whether it was made since the last walk; else it was there under another name, or nobody had looked."""
        whole_at = self.history.whole_at
        return whole_at is not None and int(version["creation_timestamp"]) >= whole_at

    def _led(self, state: State, model: str, number: str) -> None:
        """What an experiment led to: its first version in production, before that its first version."""
        experiment = state.get("experiment")
        if not experiment:
            return
        known = self.history.questions.setdefault(experiment, {})
        if "version" not in known or (state["live"] and not known["live"]):
            known |= {"model": model, "version": number, "live": state["live"]}

    def _vanished(self, aliases: Aliases) -> Iterator[Sequence[Told]]:
        """What was seen before and is not met now is asked for by name: a list may shift while somebody walks."""
        for model in self.history.models():
            missing = [each for each in self.history.versions(model) if each not in self.seen.get(model, ())]
            if not missing:
                continue
            is_whole = model not in aliases and self._find("registered-models/get", name=model) is None
            gone = [each for each in missing if is_whole or self._is_gone(model, each)]
            if gone:
                self.history.forget(model, gone)
                yield [there(model, each, self.at, is_gone=True) for each in gone]

    def _is_gone(self, model: str, number: str) -> bool:
        return self._find("model-versions/get", name=model, version=number) is None

    def _find(self, address: str, **params: str) -> Item | None:
        return self.mlflow.found(address, VERSIONS, **params)
