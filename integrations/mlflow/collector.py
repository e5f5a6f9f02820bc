"""Asks MLflow for its whole registry, for experiments and for the runs of those that are pipelines."""

import json
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from integrations.mlflow import marks
from integrations.mlflow.account import Account, account
from integrations.mlflow.api import Item, MLflow
from integrations.mlflow.experiments import DEFAULT, DELETED, EXPERIMENTS, Questions, Runs, listed
from integrations.mlflow.history import History
from integrations.mlflow.registry import MODELS, MODELS_A_PAGE, VERSIONS, VERSIONS_A_PAGE, Registry, Step
from integrations.mlflow.told import instant
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import HISTORY, Discovery, Found, Page, Question, Setup
from ops_console.core.units import counted

PREVIEW_PAGES = 10
MOST_TAGS = 20
NOT_TOLD = "MLflow does not tell when an alias was moved: promotions count from the first sync on."


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here = account(setup.settings)
    with MLflow(here, setup) as mlflow:
        mlflow.read("registered-models/search", MODELS, max_results=1)
        mlflow.read("model-versions/search", VERSIONS, max_results=1)
        mlflow.asked("experiments/search", EXPERIMENTS, {"max_results": 1})
        for name in here.pipelines:
            mlflow.read("experiments/get-by-name", f"the experiment {name}", experiment_name=name)
    lines = ("Registered models and their versions can be read.", "Experiments can be read.")
    return (*lines, *(f"The experiment {name} is there." for name in here.pipelines))


def discover(setup: Setup, since: datetime) -> Discovery:
    """Versions by their marks, and experiments; of a very busy server some of them."""
    here = account(setup.settings)
    with MLflow(here, setup) as mlflow:
        models = _some(mlflow.pages("registered-models/search", "registered_models", MODELS, max_results=MODELS_A_PAGE))
        newest = {"max_results": VERSIONS_A_PAGE, "order_by": ["creation_timestamp DESC"]}
        versions = _some(mlflow.pages("model-versions/search", "model_versions", VERSIONS, **newest))
        experiments = _some(listed(mlflow))
    members = _marked(models, versions, since)
    young = sum(instant(each["creation_timestamp"]) >= since for each in versions)
    asked = [each for each in experiments if _may_be_question(each, here, since)]
    lines = (f"{counted(len(models), 'models')}; newly made: {counted(young, 'versions')}.", NOT_TOLD)
    questions = (
        Question("ready", "What makes a version ready?", "versions", _found(members, marks.sounds_ready)),
        Question("production", "What puts a version into production?", "versions", _found(members, marks.sounds_live)),
        Question(
            "questions",
            "Which experiments are questions that somebody tried out?",
            "experiments",
            tuple(Found(str(each["name"]), 1, suggested=True) for each in asked),
        ),
    )
    return Discovery(lines, tuple(each for each in questions if each.found))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """List by list. One that cannot be read does not keep the others from being read."""
    here, state, trouble = account(setup.settings), _copied(cursor), None
    with MLflow(here, setup) as mlflow:
        for steps in _walks(mlflow, here, state, since):
            try:
                for told, done, total in steps:
                    yield Page(told, _copied(state), done, total)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble


def _walks(mlflow: MLflow, here: Account, state: dict[str, Any], since: datetime) -> Iterator[Iterator[Step]]:
    history = History(state.setdefault(HISTORY, {}))
    yield _told_again(here, history, state)
    yield Registry(mlflow, here, history, since).walk()
    yield Questions(mlflow, here, history, since).walk()
    places = state.setdefault("runs", {})
    for name, pipeline in here.pipelines.items():
        yield Runs(mlflow, here, name, pipeline, places.setdefault(name, {}), since).walk()


def _told_again(here: Account, history: History, state: dict[str, Any]) -> Iterator[Step]:
    """After a new beginning: what was seen is judged by the rules that hold now."""
    if "begun" not in state:
        told = [each for move in history.moves() for each in move.told(here, is_again=True)]
        history.begin_again()
        state["begun"] = True
        yield Step(told)


def _copied(state: Mapping[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(state))
    return copied


def _some(pages: Iterator[list[Item]]) -> list[Item]:
    return [each for page in islice(pages, PREVIEW_PAGES) for each in page]


def _marked(models: Sequence[Item], versions: Sequence[Item], since: datetime) -> Mapping[str, set[str]]:
    """The versions that bear each mark, of those made lately; a mark may have none."""
    aliases: dict[tuple[str, str], list[str]] = defaultdict(list)
    found: dict[str, set[str]] = defaultdict(set)
    for model in models:
        for each in model.get("aliases") or ():
            aliases[str(model["name"]), str(each["version"])].append(str(each["alias"]))
            found[marks.alias(str(each["alias"]))] |= set()
    for version in versions:
        key = (str(version["name"]), str(version["version"]))
        is_young = instant(version["creation_timestamp"]) >= since
        for mark in marks.of_version(version, aliases[key]):
            found[mark] |= {"/".join(key)} if is_young else set()
    return found


def _found(members: Mapping[str, set[str]], is_suggested: Any) -> tuple[Found, ...]:
    """The marks that may be chosen: of tags, of which there are many, those that most versions bear."""
    tags = Counter({mark: len(held) for mark, held in members.items() if marks.is_tag(mark)})
    shown = {mark for mark, _ in tags.most_common(MOST_TAGS)} | {mark for mark in tags if is_suggested(mark)}
    chosen = [mark for mark in sorted(members) if mark in shown or not marks.is_tag(mark)]
    return tuple(Found(each, len(members[each]), is_suggested(each), frozenset(members[each])) for each in chosen)


def _may_be_question(experiment: Item, here: Account, since: datetime) -> bool:
    is_there = experiment["experiment_id"] != DEFAULT and experiment.get("lifecycle_stage") != DELETED
    is_young = instant(experiment.get("creation_time") or 0) >= since
    return is_there and is_young and experiment["name"] not in here.pipelines
