"""Reading files of objectives: only where they changed, each for itself, and every refusal says what to do."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug import Response

from integrations.openslo import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Page, Setup, Told
from tests.integrations.openslo.shelf import TOKEN, Shelf
from tests.integrations.openslo.test_reader import slo

NEVER: Mapping[str, Any] = {}
SINCE = datetime(2026, 6, 1, tzinfo=UTC)


def pages(shelf: Shelf, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    """Each as it would be kept and read back."""
    found = list(collector.pull(shelf.setup(**changes), json.loads(json.dumps(cursor)), SINCE))
    return [Page(each.facts, json.loads(json.dumps(each.cursor)), each.done, each.total) for each in found]


def facts(found: list[Page]) -> dict[str, Told]:
    return {told.values["external_id"]: told for page in found for told in page.facts}


def until_trouble(shelf: Shelf, cursor: Mapping[str, Any] = NEVER) -> tuple[list[Page], Rejected]:
    found: list[Page] = []
    with pytest.raises(Rejected) as caught:
        for page in collector.pull(shelf.setup(), cursor, SINCE):
            found.append(page)  # noqa: PERF402  (what came before the error counts)
    return found, caught.value


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
    found, error = until_trouble(shelf)
    assert sorted(facts(found)) == ["a", "c"]
    assert str(error).startswith("a.yaml, line 8: 99 is no share between 0 and 1; write targetPercent: 99.")
    _, again = until_trouble(shelf, found[-1].cursor)
    assert str(again) == str(error)
    shelf.files["/a.yaml"] = f"{slo('a')}---\n{slo('b')}"
    assert sorted(facts(pages(shelf, found[-1].cursor))) == ["a", "b"]


def test_a_file_without_objectives_says_so(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": "apiVersion: v1\nkind: ConfigMap\n"}
    _, error = until_trouble(shelf)
    assert "a.yaml holds no objective" in str(error)


def test_a_file_that_is_gone_keeps_nobody_from_reading_the_others_and_takes_nothing_back(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a"), "/b.yaml": slo("b")}
    setup = shelf.setup()
    del shelf.files["/a.yaml"]
    found: list[Page] = []
    with pytest.raises(Rejected, match=r"does not find a\.yaml"):
        for page in collector.pull(setup, {}, SINCE):
            found.append(page)  # noqa: PERF402  (what came before the error counts)
    assert list(facts(found)) == ["b"]


def test_pages_of_forges_lead_to_the_files_they_show(shelf: Shelf) -> None:
    shelf.files = {"/acme/slos/raw/main/a.yaml": slo("a"), "/acme/slos/-/raw/main/b.yaml": slo("b")}
    shown = [address.replace("/raw/", "/blob/") for address in shelf.addresses()]
    assert sorted(facts(pages(shelf, addresses=shown))) == ["a", "b"]


@pytest.mark.parametrize(
    ("answer", "words", "remedy"),
    [
        (Response("", 401), "does not let us read a.yaml", "token"),
        (Response("", 403), "does not let us read a.yaml", "token"),
        (Response("", 404), "does not find a.yaml", "Check the address"),
        (Response("<html>", content_type="text/html"), "a page in the place of a.yaml", "raw one"),
        (Response(b"\xff"), "Byte 1 of a.yaml is no UTF-8", "UTF-8"),
    ],
)
def test_a_refusal_is_for_a_person_and_says_what_to_do(shelf: Shelf, answer: Response, words: str, remedy: str) -> None:
    shelf.files = {"/a.yaml": slo("a")}
    shelf.troubles = [answer]
    _, error = until_trouble(shelf)
    assert words in str(error) and remedy in error.remedy
    assert TOKEN not in str(error)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Response("", 429, headers={"Retry-After": "600"}), 600),
        (Response("", 429), 60),
        (Response("", 503), None),
    ],
)
def test_a_wish_to_wait_is_heard_and_never_pressed(shelf: Shelf, answer: Response, seconds: float | None) -> None:
    shelf.files = {"/a.yaml": slo("a")}
    shelf.troubles = [answer] * 4
    with pytest.raises(Unavailable) as caught:
        pages(shelf)
    assert caught.value.retry_after == seconds
    assert len(shelf.asked) == (4 if answer.status_code == 503 else 1)


def test_a_short_trouble_goes_unnoticed(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a")}
    shelf.troubles = [Response("", 502), Response("", 500), Response("", 429, headers={"Retry-After": "1"})]
    assert list(facts(pages(shelf))) == ["a"]


def test_a_token_goes_to_one_host(shelf: Shelf) -> None:
    with pytest.raises(Rejected, match="several hosts"):
        collector.check(shelf.setup(addresses=["https://a.example/x.yaml", "https://b.example/x.yaml"]))


def test_an_address_in_a_private_network_is_refused_unless_it_is_named(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a")}
    with pytest.raises(Rejected, match="private network"):
        collector.check(Setup("openslo", {"addresses": shelf.addresses()}))


def test_check_and_preview_read_every_document(shelf: Shelf) -> None:
    shelf.files = {"/a.yaml": slo("a"), "/b.yaml": f"{slo('b')}---\n{slo('c')}"}
    assert collector.check(shelf.setup()) == ("a.yaml: 1 objective.", "b.yaml: 2 objectives.")
    assert collector.discover(shelf.setup(), SINCE).lines == ("3 objectives.", "a: 99 %.", "b: 99 %.", "c: 99 %.")
    shelf.files["/b.yaml"] += "---\nkind: [\n"
    with pytest.raises(Rejected, match=r"b\.yaml, line \d+: line"):
        collector.check(shelf.setup())
