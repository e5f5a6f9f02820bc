"""Payload in, facts out: a sample beside an integration is its test.

`samples/<case>.json` holds event, settings and body of a delivery; `<case>.facts.json` what is read from it: facts and
notes, or the reason why it is ignored.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

import integrations
import reports
from ops_console.contracts.parts import assemble
from ops_console.contracts.sources import Ignored, Note, Piece
from ops_console.ingest.parse import Parser

FOLDER = Path(integrations.__path__[0])
PARTS = assemble(integrations, reports)
UNTOLD = {"pagerduty": {"shifts"}, "jsm_operations": {"incidents", "shifts"}}
"""Kinds of fact that an integration brings and no delivery of it tells."""
CASES = sorted(path for path in FOLDER.glob("*/samples/*.json") if not path.name.endswith(".facts.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}:{path.stem}")
def test_a_sample_is_read_as_its_facts(path: Path) -> None:
    said = json.loads(path.read_text("utf-8"))
    expected = json.loads(path.with_suffix(".facts.json").read_text("utf-8"))
    webhook = PARTS.webhooks[path.parts[-3]]
    try:
        told = webhook.facts(said["event"], json.dumps(said["body"]).encode(), said["settings"])
    except Ignored as error:
        assert expected == {"ignored": str(error)}
        return
    assert json.loads(json.dumps([asdict(each) for each in told], default=datetime.isoformat)) == expected
    for each in told:
        if isinstance(each, Note | Piece):  # a piece need not be whole
            continue
        Parser(each.kind, path.parts[-3], None)(dict(each.values))


@pytest.mark.parametrize("key", sorted(PARTS.webhooks))
def test_samples_show_every_kind_of_fact_and_something_ignored(key: str) -> None:
    answers = [json.loads(path.read_text("utf-8")) for path in (FOLDER / key / "samples").glob("*.facts.json")]
    told = [each for answer in answers if isinstance(answer, list) for each in answer]
    kinds = {each["kind"] for each in told if "kind" in each}
    assert kinds == set(PARTS.manifests[key].facts) - UNTOLD.get(key, set())
    assert any(isinstance(answer, dict) for answer in answers)
