"""Payload in, facts out: a sample beside an integration is its test.

`samples/<case>.json` holds event, settings and body of a delivery; `<case>.facts.json` what is read from it: facts and
notes, or the reason why it is ignored. Of an integration that is told nothing by itself a sample holds an answer to its
questions, and `samples.py` beside its tests reads it; samples of files are read by the tests of its reader.
"""

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

import integrations
import reports
from ops_console.contracts.parts import assemble
from ops_console.contracts.sources import Ignored, Note, Piece, Told
from ops_console.ingest.parse import Parser

FOLDER = Path(integrations.__path__[0])
PARTS = assemble(integrations, reports)
ASKED = sorted(path.parts[-2] for path in Path(__file__).parent.glob("*/samples.py"))
UNTOLD = {
    "jsm_operations": {"incidents", "shifts"},
    "mlflow": {"evaluations", "experiments", "pipeline_runs"},
    "pagerduty": {"shifts"},
}
"""Kinds of fact that an integration brings and no delivery of it tells."""
CASES = sorted(
    path
    for path in FOLDER.glob("*/samples/*.json")
    if not path.name.endswith(".facts.json") and path.parts[-3] in {*PARTS.webhooks, *ASKED}
)


def reader(key: str) -> Callable[..., Sequence[Told | Note]]:
    """What reads the samples of an integration."""
    module = importlib.import_module(f"tests.integrations.{key}.samples") if key in ASKED else PARTS.webhooks[key]
    found: Callable[..., Sequence[Told | Note]] = module.facts
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}:{path.stem}")
def test_a_sample_is_read_as_its_facts(path: Path) -> None:
    said = json.loads(path.read_text("utf-8"))
    expected = json.loads(path.with_suffix(".facts.json").read_text("utf-8"))
    try:
        told = reader(path.parts[-3])(said["event"], json.dumps(said["body"]).encode(), said["settings"])
    except Ignored as error:
        assert expected == {"ignored": str(error)}
        return
    assert json.loads(json.dumps([asdict(each) for each in told], default=datetime.isoformat)) == expected
    for each in told:
        if isinstance(each, Note | Piece):  # a piece need not be whole
            continue
        Parser(each.kind, path.parts[-3], None)(dict(each.values))


@pytest.mark.parametrize("key", [*sorted(PARTS.webhooks), *ASKED])
def test_samples_show_every_kind_of_fact_and_something_ignored(key: str) -> None:
    answers = [json.loads(path.read_text("utf-8")) for path in (FOLDER / key / "samples").glob("*.facts.json")]
    told = [each for answer in answers if isinstance(answer, list) for each in answer]
    kinds = {each["kind"] for each in told if "kind" in each}
    assert kinds == set(PARTS.manifests[key].facts) - UNTOLD.get(key, set())
    assert key in ASKED or any(isinstance(answer, dict) for answer in answers)
