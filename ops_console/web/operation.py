"""What an operation of the API takes and answers, read off its view: nothing is declared twice."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from werkzeug.datastructures import MultiDict

from ops_console.core.errors import BadInput, NotFound

Word = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")]
"""Text on one line."""
T = TypeVar("T")
Q = TypeVar("Q", bound="Query")
LARGEST_NUMBER = 2**53 - 1
"""What every reader of JSON takes without losing digits."""


class Query(BaseModel):
    """The parameters of an operation; a subclass says which."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a view answers. `moving` are the instants in it that go with the clock, whatever happens in the world;
    `next` leads to the rest of a list.
    """

    body: T
    status: int = 200
    moving: tuple[datetime, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A part of the address: what it names, and everything that it may be."""

    what: str
    values: Mapping[str, Any]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.values)}

    @property
    def example(self) -> str:
        return next(iter(self.values))

    def read(self, value: str) -> str:
        if value not in self.values:
            known = ", ".join(self.values)
            raise NotFound(f"There is no {self.what} {value[:80]!r}.", remedy=f"Use one of {known}.")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A part of the address that is the number of something, as its list gives it."""

    what: str
    example: str = "1"

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}

    def read(self, value: str) -> int:
        number = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(LARGEST_NUMBER)) else 0
        if not 1 <= number <= LARGEST_NUMBER:
            raise NotFound(f"There is no {self.what} {value[:80]!r}.", remedy="Its number is the `id` in the list.")
        return number


@dataclass(frozen=True, slots=True)
class Operation:
    """`statuses` says when it answers what with its own body, errors too. `bodies` names the class of the rows that are
    sent, for each value of the one variable of the address; `problems` are those it may meet besides the usual ones.
    """

    tag: str
    summary: str
    says: str
    query: type[Query]
    answer: Any
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "The answer."})
    variables: Mapping[str, Variable | Number] = field(default_factory=dict)
    bodies: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    problems: tuple[int, ...] = ()


def operation_of(view: Callable[..., Any], tag: str, **more: Any) -> Operation:
    """Read off the docstring and the types of a view: `asked` is its query, `Answer[...]` what it answers."""
    hints = get_type_hints(view, include_extras=True)
    summary, _, says = (inspect.getdoc(view) or "").partition("\n\n")
    return Operation(tag, summary, says, hints.get("asked", Query), *get_args(hints["return"]), **more)


def asked(query: type[Q], given: MultiDict[str, str]) -> Q:
    """The parameters of a request; one that is unknown, repeated or makes no sense is refused by its name."""
    for name, texts in given.lists():
        if len(texts) > 1:
            raise BadInput(f"{name[:80]!r} is given {len(texts)} times.", remedy="Give it once.")
    try:
        return query.model_validate(given.to_dict())
    except ValidationError as error:
        raise _refused(query, error) from None


def _refused(query: type[Query], error: ValidationError) -> BadInput:
    wrong = error.errors(include_url=False)[0]
    name, known = str(wrong["loc"][0])[:80], ", ".join(query.model_fields)
    if wrong["type"] == "extra_forbidden":
        takes = f"This operation takes {known}." if known else "This operation takes none."
        return BadInput(f"There is no parameter {name!r}.", remedy=takes)
    why = wrong["msg"].removeprefix("Value error, ").replace("Input should be", "it should be")
    return BadInput(f"{name}={str(wrong['input'])[:80]!r} makes no sense: {why}.")
