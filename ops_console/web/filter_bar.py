"""The filter bar of a list page: a GET form whose state is the address, repeated as chips and in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import request

from ops_console.core.errors import BadInput
from ops_console.web.permalinks import Permalink, Permalinks
from ops_console.web.view import url_with

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """One select. `value` is what was asked for; `usual` is what an address without it means."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""
    usual: str = ""

    @property
    def is_active(self) -> bool:
        return self.value != self.usual

    @property
    def words(self) -> str:
        """`Team: Search`, as the chip says it."""
        return f"{self.label}: {dict(self.options).get(self.value, self.value)}"

    @property
    def asked(self) -> str | None:
        """The value to filter by; `None` for everything."""
        return None if self.value in ("", EVERYTHING) else self.value


def choice(name: str, label: str, options: Iterable[tuple[str, str]], *, every: str = "All", usual: str = "") -> Choice:
    """A select that offers `every` first and takes its value from the address."""
    offered = tuple(options)
    first = ((EVERYTHING if usual else "", every),)
    value = request.args.get(name, usual).strip()
    if value not in {key for key, _ in (*first, *offered)}:
        raise BadInput(f"{label} {value[:80]!r} is not known here.", remedy="Choose one from the list.")
    return Choice(name, label, (*first, *offered), value, usual)


def words_for(values: Iterable[str]) -> list[tuple[str, str]]:
    """Options that read as they are stored, with a capital and spaces."""
    return [(value, sentence(value)) for value in values]


def sentence(word: str) -> str:
    """`drift_or_quality` as a person reads it."""
    return word.replace("_", " ").capitalize() if word.islower() else word


def tiers(values: Iterable[int]) -> list[tuple[str, str]]:
    return [(str(value), f"Tier {value}") for value in values]


class Timed(Protocol):
    """The stretch of time of a page that has one."""

    @property
    def choice(self) -> Choice: ...
    @property
    def permalinks(self) -> Permalinks: ...
    @property
    def previous_address(self) -> str | None: ...
    @property
    def next_address(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class FilterBar:
    """The selects and the search word of one page."""

    choices: Sequence[Choice]
    search: str = ""
    searches: str = ""
    model: str | None = None
    period: Timed | None = None

    @property
    def permalinks(self) -> Permalinks:
        return self.period.permalinks if self.period else (Permalink("this list", url_with()),)

    @property
    def active(self) -> list[Choice]:
        return [each for each in self.choices if each.is_active]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Words and the address without that filter."""
        found = [(each.words, url_with(**{each.name: None})) for each in self.active]
        if self.model:
            found.append((f"Model: {self.model}", url_with(model=None)))
        if self.search:
            found.append((f"Search: {self.search}", url_with(q=None)))
        return found

    @property
    def clear(self) -> str:
        return request.path

    @property
    def csv(self) -> str:
        """The address of the whole filtered set as a file."""
        return url_with(page=None).replace(request.path, f"{request.path}.csv", 1)

    @property
    def words(self) -> str:
        """`Team: Risk, Tier: Tier 1`, for the page title and the empty state."""
        return ", ".join(text for text, _ in self.chips)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form must carry besides its own fields: the order asked for, and the model a link narrowed it to."""
        return [(name, request.args[name]) for name in ("sort", "model") if request.args.get(name)]


def bar(*choices: Choice, searches: str = "", period: Timed | None = None) -> FilterBar:
    """The bar, with the period first, and the search word of the address if the page has a search."""
    word = request.args.get("q", "").strip()[:200] if searches else ""
    narrowed = request.args.get("model", "").strip()[:300] or None
    return FilterBar((period.choice, *choices) if period else choices, word, searches, narrowed, period)
