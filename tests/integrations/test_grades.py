"""A grade is a claim, and each claim has its test: see `Grade` in `ops_console/contracts/integration.py`.

Samples are checked by `test_samples.py`. What a grade claims beyond them is tested under these names beside each
integration, on a server that speaks its vendor's protocol.
"""

import importlib
from pathlib import Path

import pytest

import integrations
import reports
from ops_console.contracts.facts import KINDS
from ops_console.contracts.integration import Grade
from ops_console.contracts.parts import assemble
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.contracts.tracker import ACTIONS_IN

PARTS = assemble(integrations, reports)
BRINGING = {key: each for key, each in PARTS.manifests.items() if each.facts}
FOLDER = Path(integrations.__path__[0])
FOUND = (("collector", PARTS.collectors), ("webhook", PARTS.webhooks), ("tracker", PARTS.trackers))
SILVER = (
    ("test_collector", "test_a_refusal_is_for_a_person_and_says_what_to_do"),
    ("test_collector", "test_a_wish_to_wait_is_heard_and_never_pressed"),
    ("test_collector", "test_from_any_page_on_the_rest_is_found"),
    ("test_webhook", "test_any_secret_in_use_verifies_and_nothing_else_does"),
    ("test_webhook", "test_what_cannot_be_read_says_why"),
)
GOLD = (("test_interleavings", "test_any_interleaving_ends_in_the_same_records"),)
CONTRACT = "TestTheContract"
"""The class that inherits what holds for every collector."""
NEEDED = {Grade.BRONZE: (), Grade.SILVER: SILVER, Grade.GOLD: (*SILVER, *GOLD)}
CLAIMS = [
    (key, *claim)
    for key, each in BRINGING.items()
    for claim in NEEDED[each.grade]
    if claim[0].removeprefix("test_") not in {"collector", "webhook"} - set(each.roles)
]


@pytest.mark.parametrize(("key", "module", "name"), CLAIMS)
def test_what_a_grade_claims_is_tested(key: str, module: str, name: str) -> None:
    found = importlib.import_module(f"tests.integrations.{key}.{module}")
    assert any(callable(getattr(place, name, None)) for place in (found, getattr(found, CONTRACT, None)))


@pytest.mark.parametrize("key", sorted(BRINGING))
def test_an_integration_says_all_that_its_pages_tell(key: str) -> None:
    told = BRINGING[key]
    assert set(told.facts) <= set(KINDS)
    assert 1 <= len(told.brings) <= 3 and told.permissions and told.summary
    assert ("collector" in told.roles) == (told.minutes > 0)
    assert {"collector", "webhook"} & set(told.roles)
    assert ("webhook" in told.roles) == (WEBHOOK_SECRET in {secret.name for secret in told.secrets})
    assert (FOLDER / key / "README.md").is_file()
    assert key == told.key


@pytest.mark.parametrize("key", sorted(BRINGING))
def test_its_roles_offer_what_their_protocols_name(key: str) -> None:
    offered = {"collector": ("check", "discover", "pull"), "webhook": ("arrival", "verify", "facts")}
    offered |= {"tracker": ("connect", "touched")}
    for role, parts in FOUND:
        if role in BRINGING[key].roles:
            assert all(callable(getattr(parts[key], name)) for name in offered[role])
    assert ("tracker" in BRINGING[key].roles) == (ACTIONS_IN in {each.name for each in BRINGING[key].options})
    assert key not in PARTS.listeners or callable(PARTS.listeners[key].check)
