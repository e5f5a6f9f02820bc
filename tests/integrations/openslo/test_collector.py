"""Reading files of objectives: only where they changed, each for itself, and every refusal says what to do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug import Response

from integrations.openslo import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Page, Told
from tests.integrations.collectors import NEVER, RefusalContract, pulled, until_trouble
from tests.integrations.openslo.shelf import TOKEN, Shelf
from tests.integrations.openslo.test_reader import slo

SINCE = datetime(2026, 6, 1, tzinfo=UTC)


def pages(shelf: Shelf, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, shelf.setup(**changes), cursor, SINCE)


def asked(shelf: Shelf, cursor: Mapping[str, Any] = NEVER) -> tuple[list[Page], Rejected | Unavailable]:
    return until_trouble(collector.pull(shelf.setup(), cursor, SINCE))


def facts(found: list[Page]) -> dict[str, Told]:
    return {told.values["external_id"]: told for page in found for told in page.facts}


class TestTheContract(RefusalContract):
    collector, secret = collector, TOKEN
    refusals = (
        (Response("", 401), r"does not let us read a0\.yaml", "token"),
        (Response("", 403), r"does not let us read a0\.yaml", "token"),
        (Response("", 404), r"does not find a0\.yaml", "Check the address"),
        (Response("<html>", content_type="text/html"), r"a page in the place of a0\.yaml", "raw one"),
        (Response(b"\xff"), r"Byte 1 of a0\.yaml is no UTF-8", "UTF-8"),
    )
    waits = (
        (Response("", 429, headers={"Retry-After": "600"}), 600),
        (Response("", 429), 60),
        (Response("", 503), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, shelf: Shelf) -> None:
        self.vendor = shelf

    def happen(self, count: int) -> None:
        self.vendor.files = {f"/a{number}.yaml": slo(f"a{number}") for number in range(count)}


def test_every_file_comes_in_full_and_tells_how_far_it_is(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a"), "/b.yaml": f"{slo('b')}---\n{slo('c')}"}
    found = pages(shelf)
    assert sorted(facts(found)) == ["a", "b", "c"]
    assert [(page.done, page.total) for page in found] == [(1, 2), (2, 2)]
    assert dict(facts(found)["a"].values) == {
        "external_id": "a",
        "name": "a",
        "service": "ranker",
        "objective_percent": "99",
    }


def test_what_has_not_changed_is_not_read_again(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a"), "/b.yaml": slo("b")}
    cursor = pages(shelf)[-1].cursor
    shelf.files["/b.yaml"] = slo("b", objectives="[{target: 0.5}]")
    shelf.asked.clear()
    found = pages(shelf, cursor)
    assert shelf.asked == [("/a.yaml", 304), ("/b.yaml", 200)]
    assert {name: told.values["objective_percent"] for name, told in facts(found).items()} == {"b": "50"}


def test_from_any_page_on_the_rest_is_found(shelf: Shelf) -> None:
    shelf.files = {f"/{name}.yaml": slo(name) for name in "abcde"}
    whole = pages(shelf)
    everything = facts(whole)
    for stop in range(1, len(whole) + 1):
        rest = pages(shelf, whole[stop - 1].cursor)
        assert facts(whole[:stop]) | facts(rest) == everything
        assert len(facts(rest)) == len(whole) - stop


def test_a_broken_document_loses_nothing_beside_it_and_is_told_until_it_is_mended(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": f"{slo('a')}---\n{slo('b', objectives='[{target: 99}]')}", "/c.yaml": slo("c")}
    found, error = asked(shelf)
    assert sorted(facts(found)) == ["a", "c"]
    assert str(error).startswith("a.yaml, line 8: 99 is no share between 0 and 1; write targetPercent: 99.")
    _, again = asked(shelf, found[-1].cursor)
    assert str(again) == str(error)
    shelf.files["/a.yaml"] = f"{slo('a')}---\n{slo('b')}"
    assert sorted(facts(pages(shelf, found[-1].cursor))) == ["a", "b"]


def test_a_file_without_objectives_says_so(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": "apiVersion: v1\nkind: ConfigMap\n"}
    _, error = asked(shelf)
    assert "a.yaml holds no objective" in str(error)


def test_a_file_that_is_gone_keeps_nobody_from_reading_the_others_and_takes_nothing_back(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a"), "/b.yaml": slo("b")}
    setup = shelf.setup()
    del shelf.files["/a.yaml"]
    found, error = until_trouble(collector.pull(setup, {}, SINCE))
    assert isinstance(error, Rejected) and "does not find a.yaml" in str(error)
    assert list(facts(found)) == ["b"]


def test_pages_of_forges_lead_to_the_files_they_show(shelf: Shelf) -> None:
    shelf.files = {"/acme/slos/raw/main/a.yaml": slo("a"), "/acme/slos/-/raw/main/b.yaml": slo("b")}
    shown = [address.replace("/raw/", "/blob/") for address in shelf.addresses()]
    assert sorted(facts(pages(shelf, addresses=shown))) == ["a", "b"]


def test_a_token_goes_to_one_host(shelf: Shelf) -> None:
    with pytest.raises(Rejected, match="several hosts"):
        collector.check(shelf.setup(addresses=["https://a.example/x.yaml", "https://b.example/x.yaml"]))


def test_check_and_preview_read_every_document(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a"), "/b.yaml": f"{slo('b')}---\n{slo('c')}"}
    assert collector.check(shelf.setup()) == ("a.yaml: 1 objective.", "b.yaml: 2 objectives.")
    assert collector.discover(shelf.setup(), SINCE).lines == ("3 objectives.", "a: 99 %.", "b: 99 %.", "c: 99 %.")
    shelf.files["/b.yaml"] += "---\nkind: [\n"
    with pytest.raises(Rejected, match=r"b\.yaml, line \d+: line"):
        collector.check(shelf.setup())
