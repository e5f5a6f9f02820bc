"""What holds for every collector that asks an API: its tests inherit from a contract, and bring the vendor's fake."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from werkzeug import Response

from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Page, Setup, Told
from ops_console.ingest.parse import Parser

BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
NEVER: Mapping[str, Any] = {}
ATTEMPTS = 4
"""How often a vendor that does not answer is asked before somebody else's turn has come."""


def pulled(collector: Any, setup: Setup, cursor: Mapping[str, Any] = NEVER, since: datetime = BEGAN) -> list[Page]:
    """Each page as it would be kept and read back."""
    found = list(collector.pull(setup, json.loads(json.dumps(cursor)), since))
    return [Page(each.facts, json.loads(json.dumps(each.cursor)), each.done, each.total) for each in found]


def until_trouble(walk: Iterable[Page]) -> tuple[list[Page], Rejected | Unavailable]:
    """What came before the error counts."""
    found: list[Page] = []
    try:
        for page in walk:
            found.append(page)  # noqa: PERF402
    except (Rejected, Unavailable) as trouble:
        return found, trouble
    raise AssertionError("the collector met no trouble")


def read(found: Iterable[Page], kind: str, source: str) -> dict[str, Mapping[str, Any]]:
    """The facts of a kind by their names; each passes the door."""
    told = [each for page in found for each in page.facts if each.kind == kind]
    for each in told:
        Parser(each.kind, source, None)(dict(each.values))
    return {each.values["external_id"]: each.values for each in told}


def everything(found: Iterable[Page]) -> dict[tuple[str, str], Told]:
    return {(told.kind, told.values["external_id"]): told for page in found for told in page.facts}


def cut() -> Response:
    """An answer that promises more than comes."""
    return Response([b'{"values": ['], headers={"Content-Length": "9000"}, content_type="application/json")


def tried_again(status: int) -> bool:
    return status in {502, 503}


class RefusalContract(ABC):
    """`vendor` is the fake: `troubles` answer before its content, in turn, and `asked` holds what it was asked for."""

    collector: ClassVar[Any]
    secret: ClassVar[str]
    refusals: ClassVar[Sequence[tuple[Response, str, str]]]
    """What only a person can mend: an answer, what is said of it, and what is said to do."""
    waits: ClassVar[Sequence[tuple[Response, float | None]]]
    """What time mends: an answer, and how many seconds it asks for."""

    vendor: Any

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "words" in metafunc.fixturenames:
            metafunc.parametrize(("answer", "words", "remedy"), self.refusals)
        elif "seconds" in metafunc.fixturenames:
            metafunc.parametrize(("answer", "seconds"), self.waits)

    @abstractmethod
    def happen(self, count: int) -> None:
        """So many facts of one kind."""

    def refuse(self, answer: Response) -> None:
        self.vendor.troubles = [answer] * (2 * ATTEMPTS + 1)

    def asked(self) -> int:
        return len(self.vendor.asked)

    def setup(self) -> Setup:
        return self.vendor.setup()

    def pages(self, cursor: Mapping[str, Any] = NEVER) -> list[Page]:
        return pulled(self.collector, self.setup(), cursor)

    def test_a_refusal_is_for_a_person_and_says_what_to_do(self, answer: Response, words: str, remedy: str) -> None:
        self.happen(1)
        self.refuse(answer)
        with pytest.raises(Rejected, match=words) as caught:
            self.pages()
        assert remedy in caught.value.remedy
        assert self.secret not in f"{caught.value} {caught.value.remedy} {caught.value.__cause__}"

    def test_a_wish_to_wait_is_heard_and_never_pressed(self, answer: Response, seconds: float | None) -> None:
        self.happen(1)
        self.refuse(answer)
        with pytest.raises(Unavailable) as caught:
            self.pages()
        assert caught.value.retry_after == seconds
        assert self.asked() == (ATTEMPTS if tried_again(answer.status_code) and seconds is None else 1)

    def test_a_short_trouble_goes_unnoticed(self) -> None:
        self.happen(3)
        whole = everything(self.pages())
        wait = Response("", 429, headers={"Retry-After": "1"})
        self.vendor.troubles = [Response("", 502), cut(), None, Response("", 500), wait]
        assert whole and everything(self.pages()) == whole
        assert self.vendor.troubles == []

    def test_an_answer_that_is_always_cut_is_tried_again_later(self) -> None:
        self.happen(1)
        self.vendor.troubles = [cut() for _ in range(ATTEMPTS)]
        with pytest.raises(Unavailable, match="broke off"):
            self.pages()

    def test_an_address_in_a_private_network_is_refused_unless_it_is_named(self) -> None:
        self.happen(1)
        with pytest.raises(Rejected, match="private network"):
            self.collector.check(replace(self.setup(), private=()))


class WalkContract(RefusalContract):
    """Of those that read lists page by page: the fake has so many things on a `page`, and `hollow` ones between."""

    again: ClassVar[int]
    """How many pages are looked at once more wherever a walk goes on: the open, and the newest of each list."""

    @abstractmethod
    def happen_in_every_list(self) -> None:
        """More of each kind than stand on two pages."""

    @abstractmethod
    def steps(self) -> int:
        """How long the way of a first sync is."""

    def test_pages_are_followed_through_empty_ones_in_the_middle(self) -> None:
        self.happen(10)
        whole = everything(self.pages())
        self.vendor.page, self.vendor.hollow = 3, {2, 4}
        assert len(whole) >= 10 and everything(self.pages()) == whole

    def test_from_any_page_on_the_rest_is_found(self) -> None:
        self.vendor.page, self.vendor.hollow = 2, {3}
        self.happen_in_every_list()
        whole = self.pages()
        for stop in range(1, len(whole) + 1):
            rest = self.pages(whole[stop - 1].cursor)
            assert everything([*whole[:stop], *rest]) == everything(whole)
            assert len(rest) <= len(whole) - stop + self.again

    def test_a_backfill_tells_how_far_it_has_come(self) -> None:
        self.vendor.page = 2
        self.happen(9)
        told = [(page.done, page.total) for page in self.pages()]
        assert told == sorted(told)
        assert told[0][1] == self.steps()
        assert all(done <= (total or 0) for done, total in told)
