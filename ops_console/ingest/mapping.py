"""How a source's columns become a kind's fields: a document people write once and the console keeps per source.

Written in TOML or JSON:

    source = "liftwing"
    zone = "UTC"                                        # of times without an offset
    null = ["NA", "-"]                                  # besides the empty cell and NULL, None, N/A, nan
    not_null = ["None"]                                 # those of them that are real names here
    ignore = ["ticket"]                                 # left out on purpose; other unknown columns are reported
    [fields]
    external_id = { template = "{deployment_id}:{model}" }
    version = "image_version"                           # a column
    service = ["service", "namespace"]                  # the first that is not empty
    environment = { constant = "production" }
    status = { column = "status", values = { success = "succeeded" }, otherwise = "failed" }
    started_at = { column = "day", time = "%d.%m.%Y", zone = "Europe/Berlin" }
    good = { sum = [1440, ["outage_minutes", -1]] }
    kind = { cases = [{ when = [{ column = "is_rollback", equals = "1" }], then = "rollback" }] }
    [[keep]]                                            # rows for which every condition holds
    column = "is_baseline"
    not_equals = "1"
    [expand]                                            # one fact for each part of a cell
    column = "services"
    split = ";"

A column that bears a field's name and is not mentioned becomes that field.
"""

import codecs
import json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ops_console.core.errors import BadInput
from ops_console.ingest.shapes import shapes

ISO, EPOCHS = "iso", {"epoch_s": 1, "epoch_ms": 1000, "epoch_ns": 1_000_000_000}


NULLS = ("NA", "-")
"""How files spell an empty cell, too. None of them is read so unless a mapping says it: they are names somewhere."""


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone; write one such as Europe/London") from None


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"{name!r} is no known encoding; write one such as cp1252 or utf-16") from None


def _text(value: Any) -> Any:
    """Cells are text, so what they are compared with and turned into is text, too."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | Decimal) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(_known_zone)]
Text = Annotated[str, BeforeValidator(_text)]
Columns = Annotated[list[str], BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Condition(_Part):
    """One test of one cell; the cell of an absent column is empty."""

    column: str
    equals: Text | None = None
    not_equals: Text | None = None
    one_of: list[Text] | None = None
    none_of: list[Text] | None = None
    contains: Text | None = None
    contains_not: Text | None = None
    empty: bool | None = None

    @model_validator(mode="after")
    def _tests_something(self) -> "Condition":
        if len(self.model_fields_set) != 2:
            raise ValueError("write one column and one test, such as equals or one_of")
        return self

    def words(self) -> list[str]:
        """The words it asks for."""
        single = (self.equals, self.not_equals, self.contains, self.contains_not)
        return [*(word for word in single if word is not None), *(self.one_of or ()), *(self.none_of or ())]


class Case(_Part):
    when: Annotated[list[Condition], Field(min_length=1)]
    then: Text | None = None
    column: str | None = None

    @model_validator(mode="after")
    def _gives_something(self) -> "Case":
        if (self.then is None) == (self.column is None):
            raise ValueError("a case gives either `then` (a value) or `column`")
        return self


class Rule(_Part):
    """Where one field comes from (exactly one of the first five) and how its text is read."""

    column: Columns | None = None
    constant: Text | list[str] | None = None
    template: str | None = None
    sum: list[Decimal | tuple[str, Decimal]] | None = None
    cases: list[Case] | None = None

    values: dict[str, Text] | None = None
    otherwise: Text | None = None
    default: Text | None = None
    split: str | None = None
    part: int | None = None
    time: str | None = None
    zone: Zone | None = None
    plus_seconds: str | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> "Rule":
        origins = (self.column, self.constant, self.template, self.sum, self.cases)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("a field comes from exactly one of column, constant, template, sum or cases")
        if self.otherwise is not None and self.values is None and self.cases is None:
            raise ValueError("otherwise goes with values or cases; for an empty cell write default")
        return self

    def columns(self) -> Iterator[str]:
        """Every column the rule reads."""
        yield from self.column or ()
        yield from (name for _, name, _, _ in Formatter().parse(self.template or "") if name)
        yield from (term[0] for term in self.sum or () if isinstance(term, tuple))
        for case in self.cases or ():
            yield from (condition.column for condition in case.when)
            if case.column:
                yield case.column
        if self.plus_seconds:
            yield self.plus_seconds


class Expand(_Part):
    """One fact for each part of a cell (or element of a JSON list). An empty cell still gives one."""

    column: str
    split: str = ";"


class Unpivot(_Part):
    """One fact for each of these columns: its name goes into the column `name`, its cell into `value`."""

    columns: Annotated[list[str], Field(min_length=1)]
    name: str = "name"
    value: str = "value"


def _as_rule(value: Any) -> Any:
    return {"column": value} if isinstance(value, str | list) else value


class Mapping(_Part):
    """The whole document."""

    kind: str | None = None
    source: str | None = None
    zone: Zone | None = None
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    null: list[Text] = []
    not_null: list[Text] = []
    decimal: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    thousands: Annotated[str, Field(pattern=r"^[.,'  _]$")] | None = None
    ignore: list[str] = []
    fields: dict[str, Annotated[Rule, BeforeValidator(_as_rule)]] = {}
    keep: list[Condition] = []
    expand: Expand | None = None
    unpivot: Unpivot | None = None

    @model_validator(mode="after")
    def _separators_differ(self) -> "Mapping":
        if self.thousands == self.decimal:
            raise ValueError("thousands and decimal are the same sign")
        return self

    def zone_or(self, declared: ZoneInfo | None) -> ZoneInfo | None:
        """The zone times without an offset were written in: the one declared for the file, else the mapping's."""
        return declared or (ZoneInfo(self.zone) if self.zone else None)

    def document(self) -> dict[str, Any]:
        """As it is kept in the database."""
        return self.model_dump(mode="json", exclude_defaults=True)


def mapping_from(document: Any, kind: str, name: str = "The mapping") -> Mapping:
    """A checked mapping; `BadInput` says which part of the document is wrong."""
    try:
        mapping = Mapping.model_validate(document)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "document"
        raise BadInput(f"{name}, {where}: {wrong['msg'].removeprefix('Value error, ')}.") from None
    if mapping.kind not in (None, kind):
        raise BadInput(f"{name} is for {mapping.kind}, not for {kind}.", remedy=f"Import it as {mapping.kind}.")
    known = shapes(kind)
    for field in mapping.fields:
        if field not in known:
            raise BadInput(f"{name}: {kind} have no field {field!r}.", remedy=f"Choose from {', '.join(known)}.")
    return mapping


def read_mapping(path: Path, kind: str) -> Mapping:
    """The mapping in a TOML or JSON file."""
    try:
        text = path.read_text("utf-8-sig")
        is_json = text.lstrip().startswith("{")
        document = json.loads(text, parse_float=Decimal) if is_json else tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise BadInput(f"{path} is neither TOML nor JSON: {error}.") from None
    return mapping_from(document, kind, str(path.name))
