"""A mapping made ready for one file: from a row's cells to the values of facts."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.contracts.readers import NO_VALUE
from ops_console.core.errors import BadInput
from ops_console.ingest.cells import (
    Take,
    Unmappable,
    defaulted,
    first_of,
    guarded,
    number_reader,
    parted,
    reached,
    text_of,
    time_reader,
    translated,
)
from ops_console.ingest.mapping import ISO, Condition, Rule
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.shapes import Shape, required, sentences, shapes
from ops_console.ingest.unfit import Unfit

Row = dict[str, Any]


class Rules:
    """`unknown` are columns that nobody uses; of JSON Lines they are known at the end.

    Fields the document does not mention are looked for under their `synonyms`: by default under their own name.
    """

    def __init__(
        self,
        kind: str,
        document: Document,
        columns: Sequence[str],
        zone: ZoneInfo | None = None,
        synonyms: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.document = document
        self.is_json = not columns
        self.unknown: list[str] = []
        self.column_of: dict[str, str] = {}
        self._shapes = shapes(kind)
        self._declared = frozenset({"", *document.null})
        self._nulls = self._declared | (NO_VALUE - {*document.not_null})
        self._sentences = sentences(kind)
        self._read_number = number_reader(document.thousands, document.decimal)
        self._zone = document.zone_or(zone)
        made = [document.unpivot.name, document.unpivot.value] if document.unpivot and columns else []
        self._places = {name: place for place, name in enumerate([*columns, *made])}
        self._keep = [self._condition(condition) for condition in document.keep]
        self._spreads = bool(document.unpivot or document.expand)
        self._plain: list[tuple[str, Take, bool, frozenset[str]]] = []
        self._computed: list[tuple[str, Take]] = []
        rules = self._implied(synonyms or {field: (field,) for field in self._shapes}) | document.fields
        for field, rule in rules.items():
            self._add(field, rule)
        self._used = set(_columns_read(document)) | {name for rule in rules.values() for name in rule.columns()}
        if not self.is_json:
            self._check(kind, columns, rules)

    def _implied(self, synonyms: Mapping[str, Sequence[str]]) -> dict[str, Rule]:
        found = {}
        for field, names in synonyms.items():
            present = [name for name in names if self._may_have(name) and name not in self.document.ignore]
            if present and field not in self.document.fields:
                found[field] = Rule(column=present)
        return found

    def _may_have(self, column: str) -> bool:
        return self.is_json or column in self._places

    def _check(self, kind: str, columns: Sequence[str], rules: Mapping[str, Rule]) -> None:
        """Everything the document reads is there, and every field a fact must have comes from somewhere."""
        for place, column in enumerate(columns, 1):
            self._notice(column or f"number {place}")
        for name in _demanded(self.document, self._places):
            raise BadInput(
                f"The mapping reads column {name!r}, which the file does not have.",
                remedy=f"Its columns are: {', '.join(columns[:40])}.",
            )
        missing = [field for field in required(kind) if field not in rules and field != "source"]
        if missing and "deleted" not in rules:
            raise BadInput(
                f"No column gives {', '.join(missing)}, which {kind} need.",
                remedy=f"Map columns onto them or give them constants. The file has: {', '.join(columns[:40])}.",
            )

    def __call__(self, cells: Any) -> list[Row]:
        """The values of each fact in the row; nothing for a row that is filtered out. Raises `Unmappable`."""
        spread = self._spread(cells) if self._spreads else (cells,)
        kept = [one for one in spread if all(holds(one) for holds in self._keep)] if self._keep else spread
        return [self._values(one) for one in kept]

    def _values(self, cells: Any) -> Row:
        found = {}
        for field, take, is_text, nulls in self._plain:
            value = take(cells)
            if value.__class__ is str:
                value = value.strip()
                if value in nulls:
                    continue
            elif value is None:
                continue
            elif is_text and value.__class__ is int:
                value = str(value)
            found[field] = value
        for field, take in self._computed:
            value = take(cells)
            if value is not None:
                found[field] = value
        return found

    def explained(self, error: Unfit, cells: Any) -> str:
        """Why a row is no fact, also where a word stands in its place that is read as no value."""
        words = dict(self._unread(cells))
        reason = error.beside(words)
        if reason == error.reason:
            return reason
        named = ", ".join(f'"{word}"' for word in dict.fromkeys(words.values()) if repr(word) in reason)
        return f"{reason}; where it is a real name, say so in the mapping: not_null = [{named}]"

    def _unread(self, cells: Any) -> Iterator[tuple[str, str]]:
        for field, take, _, nulls in () if self._spreads else self._plain:
            word = text_of(take(cells)).strip()
            if word in NO_VALUE and word in nulls:
                yield field, word

    def notice(self, cells: Row) -> None:
        """Look at the keys of one JSON object."""
        for key in cells.keys() - self._used:
            self._notice(key)

    def _notice(self, column: str) -> None:
        if column in self._used:
            return
        self._used.add(column)
        if column not in self.document.ignore and not any(used.startswith(f"{column}.") for used in self._used):
            self.unknown.append(column)

    # -- one row into several -------------------------------------------------------------------------------------

    def _spread(self, cells: Any) -> Iterable[Any]:
        rows: Iterable[Any] = (cells,)
        if self.document.unpivot:
            rows = self._unpivoted(cells)
        if self.document.expand:
            rows = [one for row in rows for one in self._expanded(row)]
        return rows

    def _unpivoted(self, cells: Any) -> Iterator[Any]:
        unpivot = self.document.unpivot
        for column in unpivot.columns if unpivot else ():
            value = self._take(column)(cells)
            if self.is_json and unpivot:
                yield cells | {unpivot.name: column, unpivot.value: value}
            else:
                yield [*cells, column, value]

    def _expanded(self, cells: Any) -> Iterator[Any]:
        assert self.document.expand  # noqa: S101  (the caller looked)
        column, split = self.document.expand.column, self.document.expand.split
        whole = self._take(column)(cells)
        parts = whole if isinstance(whole, list) else text_of(whole).split(split)
        parts = [part for part in (text_of(part).strip() for part in parts) if part not in self._nulls]
        for part in parts or [""]:
            if self.is_json:
                yield cells | {column: part}
            else:
                changed = list(cells)
                changed[self._places[column]] = part
                yield changed

    # -- one field --------------------------------------------------------------------------------------------------

    def _add(self, field: str, rule: Rule) -> None:
        shape = self._shapes[field]
        names = [name for name in rule.column or () if self._may_have(name)]
        self.column_of[field] = names[0] if names else field
        plain = rule.column and len(names) == 1 and rule.model_fields_set == {"column"}
        grouped = shape is Shape.NUMBER and (self.document.thousands or self.document.decimal != ".")
        if plain and not grouped:
            nulls = self._declared if field in self._sentences else self._nulls
            self._plain.append((field, self._take(names[0]), shape is Shape.TEXT, nulls))
        elif rule.constant is not None:
            constant = rule.constant
            self._computed.append((field, lambda _: constant))
        elif names or not rule.column:
            self._computed.append((field, self._rule(field, rule, names, shape)))

    def _rule(self, field: str, rule: Rule, names: list[str], shape: Shape) -> Take:
        take = self._origin(rule, names)
        if rule.split is not None:
            take = parted(take, rule.split, rule.part)
        if rule.values is not None:
            take = translated(take, rule.values, None if rule.cases else rule.otherwise)
        if rule.default is not None:
            take = defaulted(take, rule.default)
        column = self.column_of[field]
        if shape is Shape.NUMBER and not rule.sum:
            take = guarded(take, column, self._read_number)
        if rule.time or rule.zone or rule.plus_seconds:
            zone = ZoneInfo(rule.zone) if rule.zone else self._zone
            take = guarded(take, column, time_reader(rule.time or ISO, zone, is_day=shape is Shape.DAY))
        if rule.plus_seconds:
            take = self._later(take, rule.plus_seconds)
        return take

    def _origin(self, rule: Rule, names: list[str]) -> Take:
        if rule.template is not None:
            return self._template(rule.template)
        if rule.sum is not None:
            return self._sum(rule.sum)
        if rule.cases is not None:
            return self._cases(rule)
        return first_of([self._known(name, rule.values or ()) for name in names])

    def _take(self, column: str) -> Take:
        if not self.is_json:
            return itemgetter(self._places[column])
        if "." in column:
            return reached(column.split("."))
        return lambda cells: cells.get(column)

    def _known(self, column: str, spoken_of: Collection[str] = ()) -> Take:
        """The cell without outer spaces; None where it is empty or spells null. A word that is spoken of is itself."""
        if not self._may_have(column):
            return lambda _: None
        take, nulls = self._take(column), self._declared | (self._nulls - {*spoken_of})

        def known(cells: Any) -> Any:
            value = take(cells)
            if isinstance(value, list | dict):
                return value or None
            text = text_of(value).strip()
            return None if text in nulls else text

        return known

    def _condition(self, condition: Condition) -> Callable[[Any], bool]:
        take = self._known(condition.column, condition.words())

        def cell(cells: Any) -> str:
            return text_of(take(cells))

        match condition:
            case Condition(equals=str(text)):
                return lambda cells: cell(cells) == text
            case Condition(not_equals=str(text)):
                return lambda cells: cell(cells) != text
            case Condition(one_of=list(texts)):
                return lambda cells: cell(cells) in texts
            case Condition(none_of=list(texts)):
                return lambda cells: cell(cells) not in texts
            case Condition(contains=str(text)):
                return lambda cells: text in cell(cells)
            case Condition(contains_not=str(text)):
                return lambda cells: text not in cell(cells)
        return lambda cells: (cell(cells) == "") is condition.empty

    def _template(self, template: str) -> Take:
        parts = [(text, self._known(name) if name else None) for text, name, _, _ in Formatter().parse(template)]

        def composed(cells: Any) -> str | None:
            return "".join(text + (text_of(take(cells)) if take else "") for text, take in parts)

        return composed

    def _sum(self, terms: Sequence[Decimal | tuple[str, Decimal]]) -> Take:
        fixed = sum((term for term in terms if isinstance(term, Decimal)), Decimal(0))
        factors = [(name, self._known(name), factor) for name, factor in (t for t in terms if isinstance(t, tuple))]

        def total(cells: Any) -> Decimal | None:
            found = fixed
            for name, take, factor in factors:
                text = take(cells)
                if text is None:
                    return None
                try:
                    found += factor * Decimal(self._read_number(text))
                except (InvalidOperation, ValueError):
                    raise Unmappable(name, f"{text_of(text)[:80]!r} is no number") from None
            return found

        return total

    def _cases(self, rule: Rule) -> Take:
        cases = [
            ([self._condition(condition) for condition in case.when], case.then, self._known(case.column or ""))
            for case in rule.cases or ()
        ]

        def chosen(cells: Any) -> Any:
            for conditions, then, take in cases:
                if all(holds(cells) for holds in conditions):
                    return take(cells) if then is None else then or None
            return rule.otherwise

        return chosen

    def _later(self, take: Take, column: str) -> Take:
        seconds = self._known(column)

        def later(cells: Any) -> Any:
            began, lasted = take(cells), seconds(cells)
            if began is None or lasted is None:
                return None
            try:
                return began + timedelta(seconds=float(self._read_number(lasted)))
            except (ValueError, OverflowError):
                raise Unmappable(column, f"{text_of(lasted)[:80]!r} is no number of seconds") from None

        return later


def _columns_read(document: Document) -> Iterator[str]:
    """Columns the document reads besides those of its fields."""
    yield from (condition.column for condition in document.keep)
    yield from document.unpivot.columns if document.unpivot else ()
    if document.expand:
        yield document.expand.column


def _demanded(document: Document, present: Collection[str]) -> Iterator[str]:
    """Columns that are read and absent; of several candidates one is enough."""
    for rule in document.fields.values():
        if not (rule.column and any(name in present for name in rule.column)):
            yield from (name for name in rule.columns() if name not in present)
    yield from (name for name in _columns_read(document) if name not in present)
