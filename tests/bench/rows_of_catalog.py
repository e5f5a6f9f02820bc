"""Models, how they stood, what the paved road asks of them and their papers, as rows in stored form."""

import random
from collections.abc import Iterator
from typing import Any

from ops_console.core.clock import milliseconds
from ops_console.ingest.criteria_asked import DEFAULTS
from ops_console.ingest.standing import BEGINNING, END
from ops_console.records.catalog import Alias, CatalogEntry, CatalogInterval, CatalogStatement
from ops_console.records.criteria import MONITOR, NAMED, PAVED, Criterion, Proof
from ops_console.records.documents import Document, Review
from ops_console.records.pipelines import Step
from tests.bench.rows_of_delivery import DAY, Table, envelope
from tests.bench.sizes import Size

TEAMS = ("Search", "Risk", "Ads", "Assist", "Growth", "Maps", "Mail", "Video")
FLOWS = ("train", "validate", "promote", "deploy", "rollback")
METRIC = "ndcg"
REVIEWED_EVERY = 150 * DAY


def team(number: int) -> str:
    return TEAMS[number % len(TEAMS)]


def tables(size: Size, dice: random.Random) -> Iterator[Table]:
    begins, entries = milliseconds(size.begins), range(1, size.models + 1)
    yield CatalogEntry, (_entry(n, begins) for n in entries)
    yield Alias, ({"name": f"model-{n}", "entry_id": n, "made_by": "bench", "made_at": begins} for n in entries)
    yield CatalogInterval, (_interval(n) for n in entries)
    yield CatalogStatement, (_statement(n, begins) for n in entries)
    yield Criterion, (_criterion(*each) for each in DEFAULTS)
    yield Proof, (_proof(n, what, begins) for n in entries for what in _proofs(n))
    yield Step, (_step(n, flow, begins) for n in entries for flow in FLOWS)
    reviewed = range(begins, begins + size.length, REVIEWED_EVERY)
    yield Document, (_card(n, reviewed[-1]) for n in entries)
    yield Review, (_review(n, at) for n in entries for at in reviewed)


def _entry(n: int, begins: int) -> dict[str, Any]:
    return {
        "id": n,
        "slug": f"model-{n}",
        "name": f"Model {n}",
        "kind": "online",
        "provisional": 0,
        "tier": n % 3 + 1,
        "team": team(n),
        "lifecycle": "production",
        "primary_metric": METRIC,
        "environments": "[]",
        "guardrails": "[]",
        "paved_road": "[]",
        "monitors": "[]",
        "depends_on": "[]",
        "first_seen_at": begins,
        "fingerprint": "",
    }


def _interval(n: int) -> dict[str, Any]:
    return {
        "entry_id": n,
        "valid_from": BEGINNING,
        "valid_to": END,
        "tier": n % 3 + 1,
        "team": team(n),
        "lifecycle": "production",
        "primary_metric": METRIC,
    }


def _statement(n: int, begins: int) -> dict[str, Any]:
    return {
        "entry_id": n,
        "source": "bench",
        "external_id": f"model-{n}",
        "stated_at": begins,
        "attributes": "{}",
        "deleted": 0,
        "reason": "",
    }


def _criterion(key: str, title: str, proof: str) -> dict[str, Any]:
    always = {"from_at": BEGINNING, "until_at": END, "set_at": BEGINNING, "set_by": "bench"}
    return {"key": key, "title": title, "proof": proof, "required": 1, "withdrawn": 0, "reason": "", **always}


def _proofs(n: int) -> Iterator[str]:
    """Two models in three are on the paved road; the others lack the first of the proofs, and some of them more."""
    asked = (*(proof for _, _, proof in DEFAULTS), *NAMED, *(MONITOR + each for each in ("service", "drift")))
    yield from (what for place, what in enumerate(dict.fromkeys(asked), 1) if n % (3 * place))
    if n % 3:
        yield PAVED


def _proof(n: int, what: str, begins: int) -> dict[str, Any]:
    return {"entry_id": n, "what": what, "valid_from": begins + n * DAY, "valid_to": END}


def _step(n: int, flow: str, begins: int) -> dict[str, Any]:
    return envelope("catalog", f"{n}-{flow}") | {
        "entry_id": n,
        "name": "run",
        "flow": flow,
        "added_at": begins,
        "automated_since": begins + n * DAY if n % 6 else None,
        "human_approval": 0,
    }


def _card(n: int, at: int) -> dict[str, Any]:
    return envelope("registry", f"c{n}") | {
        "id": n,
        "entry_id": n,
        "kind": "model_card",
        "fields_present": "[]",
        "reviewed_at": at,
        "complete_for_tier": 1 if n % 5 else None,
    }


def _review(n: int, at: int) -> dict[str, Any]:
    return {
        "document_id": n,
        "reviewed_at": at,
        "fields_present": "[]",
        "complete_for_tier": 1 if n % 5 else None,
    }
