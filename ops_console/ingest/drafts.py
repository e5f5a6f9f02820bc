"""A fact as the row that will keep it, as far as the fact itself tells. What it refers to is named in `entry_id` and
`slo_id`; the store, which alone knows their numbers, writes these there.
"""

from collections.abc import Collection, Sequence
from enum import Enum
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any, get_args
from zoneinfo import ZoneInfo

from ops_console.contracts.fact import Fact, fingerprint, is_bare_tombstone, said
from ops_console.core.clock import EPOCH, MILLISECOND, milliseconds, now
from ops_console.ingest import finish_delivery, finish_operations, finish_quality
from ops_console.ingest.shapes import Columns, Finish, Shape, Values, fact_class, shapes

FINISH: dict[str, Finish] = finish_delivery.FINISH | finish_operations.FINISH | finish_quality.FINISH
IDENTITY = ("source", "external_id")
OURS = ("updated_at", "fingerprint", *IDENTITY, "url")
"""Columns of the envelope, which mean what we say they mean whatever a fact calls its fields."""


class Drafter:
    """Drafts rows of one kind, for a table that has these columns."""

    def __init__(self, kind: str, columns: Collection[str], zone: ZoneInfo) -> None:
        shared = [name for name in shapes(kind) if name in columns and name not in OURS]
        instants = {name for name, shape in shapes(kind).items() if shape is Shape.INSTANT}
        words = _enumerations(kind)
        self._plain = (*(name for name in shared if name not in instants | words), *IDENTITY, "url")
        self._take = itemgetter(*self._plain)
        self._instants = [name for name in shared if name in instants]
        self._words = [name for name in shared if name in words]
        self._has_entry = "entry_id" in columns
        self._subject = _in_scope if kind == "budgets" else about
        self._finish, self._zone = FINISH.get(kind), zone

    def __call__(self, values: Values) -> Columns:
        """The columns that hold what a fact says of its thing."""
        row = dict(zip(self._plain, self._take(values), strict=True))
        for name in self._instants:
            at = values[name]
            row[name] = None if at is None else (at - EPOCH) // MILLISECOND
        for name in self._words:
            word = values[name]
            row[name] = None if word is None else word._value_  # as .value, without the descriptor's cost
        if self._has_entry:
            row["entry_id"] = self._subject(values)
        if self._finish:
            self._finish(row, values, self._zone)
        return row


class Drafts:
    """Facts of one kind and their rows, each with what tells whether it stands: when it was said, whether it is
    deleted, and its fingerprint. A tombstone that says no more than that has no other columns.
    """

    def __init__(self, facts: Sequence[Fact] = (), drafter: Drafter | None = None) -> None:
        self._facts: Sequence[Fact] | None = facts
        self._kind = next((fact.__class__ for fact in facts if not is_bare_tombstone(fact)), Fact)
        self._said = [*map(said, facts)]
        self.rows = [*map(_drafted, facts, self._said, repeat(drafter))] if drafter else []

    @property
    def facts(self) -> Sequence[Fact]:
        """Made again from what they said where another process read them: few are ever asked for."""
        if self._facts is None:
            kinds = (Fact if is_bare(row) else self._kind for row in self.rows)
            self._facts = [kind.model_validate_json(told) for kind, told in zip(kinds, self._said, strict=True)]
        return self._facts

    def __getstate__(self) -> tuple[Any, ...]:
        """Between processes rows go as bare columns: they do so in half the time."""
        runs = groupby(self.rows, tuple)
        return self._kind, self._said, [(names, [*zip(*map(dict.values, run), strict=True)]) for names, run in runs]

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._facts, (self._kind, self._said, runs) = None, state
        self.rows = [
            dict(zip(names, values, strict=True)) for names, columns in runs for values in zip(*columns, strict=True)
        ]


def _drafted(fact: Fact, told: bytes, drafter: Drafter) -> Columns:
    values = fact.__dict__
    row = {name: values[name] for name in IDENTITY} if is_bare_tombstone(fact) else drafter(values)
    at = values["updated_at"]
    row["updated_at"] = told_at = None if at is None else (at - EPOCH) // MILLISECOND
    row["deleted_at"] = (milliseconds(now()) if told_at is None else told_at) if values["deleted"] else None
    row["fingerprint"] = fingerprint(told)
    return row


def is_bare(draft: Columns) -> bool:
    """Whether it is a tombstone that says no more."""
    return "url" not in draft


def about(values: Values) -> str | None:
    """The model or service a fact names."""
    return values.get("model") or values.get("service") or None


def _in_scope(values: Values) -> str | None:
    kind, colon, name = str(values.get("scope", "")).partition(":")
    return name.strip() or None if colon and kind in ("model", "service") else None


def _enumerations(kind: str) -> set[str]:
    def words(annotation: Any) -> bool:
        return any(isinstance(part, type) and issubclass(part, Enum) for part in (annotation, *get_args(annotation)))

    return {name for name, field in fact_class(kind).model_fields.items() if words(field.annotation)}
