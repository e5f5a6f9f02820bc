"""Setting MLflow up: what can be read, which rules make sense, and what each of them comes to."""

from datetime import timedelta

import pytest

from integrations.mlflow import collector
from ops_console.contracts.integration import Rejected
from tests.integrations.mlflow.tracking import BEGAN, Tracking

DAY = timedelta(days=1)


def test_a_check_asks_for_each_thing_that_will_be_read(tracking: Tracking) -> None:
    tracking.experiment("7", "nightly training", BEGAN)
    assert collector.check(tracking.setup(pipelines=["train nightly training"])) == (
        "Registered models and their versions can be read.",
        "Experiments can be read.",
        "The experiment nightly training is there.",
    )
    with pytest.raises(Rejected, match="MLflow does not find the experiment nightly"):
        collector.check(tracking.setup(pipelines=["train nightly"]))


@pytest.mark.parametrize("line", ["auc", "auc up", "auc higher x", "auc higher -1", "auc higher 1 2", "auc higher nan"])
def test_a_metric_must_say_which_way_is_better(tracking: Tracking, line: str) -> None:
    with pytest.raises(Rejected, match="names no metric and which way is better"):
        collector.check(tracking.setup(metrics=[line]))


@pytest.mark.parametrize("line", ["training", "teach nightly", "train = ranker"])
def test_a_pipeline_must_say_what_its_runs_do(tracking: Tracking, line: str) -> None:
    with pytest.raises(Rejected, match="says of no experiment what its runs do"):
        collector.check(tracking.setup(pipelines=[line]))


def test_a_preview_shows_what_each_rule_comes_to(tracking: Tracking) -> None:
    tracking.page = 2
    for number in range(4):
        tracking.version("ranker", BEGAN + number * DAY, tags={"owner": f"p{number}", "mlflow.user": "ana"})
    tracking.version("eta", BEGAN - 100 * DAY)
    tracking.stage("ranker", "1", "Production", BEGAN)
    tracking.alias("ranker", "champion", "1", BEGAN)
    tracking.alias("eta", "champion", "1", BEGAN)
    tracking.alias("ranker", "candidate", "4", BEGAN)
    tracking.experiment("1", "Do clicks predict?", BEGAN)
    found = collector.discover(tracking.setup(), BEGAN)
    assert found.lines[0] == "2 models; newly made: 4 versions."
    ready, production, questions = found.questions
    assert {(one.name, one.count, one.suggested) for one in production.found if one.count or one.suggested} >= {
        ("alias champion", 1, True),
        ("stage Production", 1, True),
        ("alias candidate", 1, False),
    }
    assert next(one for one in ready.found if one.suggested).name == "alias candidate"
    assert not any("mlflow." in one.name for one in ready.found)
    assert [(one.name, one.suggested) for one in questions.found] == [("Do clicks predict?", True)]
