"""Any fact as a form, read off its class: a field for each value, filled from what was said, read back into a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from ops_console.contracts.fact import About
from ops_console.contracts.facts import KINDS
from ops_console.ingest.manual import OURS
from ops_console.ingest.shapes import Shape, choices, limits, required, shapes
from ops_console.web.fact_words import hint, label
from ops_console.web.filter_bar import sentence

PREFIX, WHICH = "fact-", "-which"
LONG = 2000
"""A text that may be longer than this gets room for several lines."""
SUGGESTED = {"model": "models", "service": "models", "team": "teams", "group": "teams"}
"""Fields with suggestions, and the list they come from."""
Given = Mapping[str, str]


class Control(StrEnum):
    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DAY = "date"
    MOMENT = "datetime-local"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"
    PAIRS = "pairs"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `options` are what it offers to choose from, `which` the two instants that a wall clock may mean."""

    name: str
    label: str
    hint: str
    control: Control
    is_required: bool
    value: str
    options: tuple[tuple[str, str], ...] = ()
    which: tuple[tuple[str, str], ...] = ()
    which_now: str = ""
    longest: int | None = None
    suggested: str = ""

    @property
    def id(self) -> str:
        return PREFIX + self.name


def fields(kind: str, given: Given, zone: ZoneInfo) -> tuple[list[FormField], list[FormField]]:
    """What is needed, and what may be known besides."""
    needed: list[FormField] = []
    more: list[FormField] = []
    for name in names(kind):
        made = _field(kind, name, given, zone)
        (needed if made.is_required or name in _subject(kind) else more).append(made)
    return needed, more


def names(kind: str) -> list[str]:
    """In the order of the class, with the link last."""
    return sorted((name for name in shapes(kind) if name not in OURS), key=lambda name: name == "url")


def _subject(kind: str) -> tuple[str, ...]:
    """Of these fields one is needed."""
    return ("model", "service") if issubclass(KINDS[kind], About) else ()


def _field(kind: str, name: str, given: Given, zone: ZoneInfo) -> FormField:
    control = _control(kind, name)
    usual = limits(kind, name).get("default")
    value = given.get(PREFIX + name, "" if usual is None else _as_typed(usual))
    which = _which(value, zone) if control is Control.MOMENT else ()
    return FormField(
        name=name,
        label=label(name),
        hint=_hint(kind, name, control, zone),
        control=control,
        is_required=name in required(kind),
        value=value,
        options=_options(kind, name, usual) if control in (Control.CHOICE, Control.CHOICES) else (),
        which=which,
        which_now=given.get(PREFIX + name + WHICH, ""),
        longest=_longest(kind, name),
        suggested=SUGGESTED.get(name, ""),
    )


def _control(kind: str, name: str) -> Control:
    if _offered(kind, name):
        return Control.CHOICES if shapes(kind)[name] is Shape.NAMES else Control.CHOICE
    if _is_mapping(KINDS[kind].model_fields[name].annotation):
        return Control.PAIRS
    by_shape = {
        Shape.INSTANT: Control.MOMENT,
        Shape.DAY: Control.DAY,
        Shape.NUMBER: Control.NUMBER,
        Shape.NAMES: Control.LINES,
        Shape.SPANS: Control.LINES,
    }
    return by_shape.get(shapes(kind)[name]) or (Control.LONG if (_longest(kind, name) or 0) > LONG else Control.TEXT)


def _is_mapping(annotation: Any) -> bool:
    return any(get_origin(part) is dict for part in (annotation, *get_args(annotation)))


def _offered(kind: str, name: str) -> list[tuple[str, str]]:
    """The words to choose from, where there is no other: those of a vocabulary, of a pattern, or yes and no."""
    if shapes(kind)[name] is Shape.TRUTH:
        return [("true", "Yes"), ("false", "No")]
    return [(word, sentence(word)) for word in choices(kind, name)]


def _options(kind: str, name: str, usual: Any) -> tuple[tuple[str, str], ...]:
    offered = _offered(kind, name)
    if shapes(kind)[name] is Shape.NAMES:
        return tuple(offered)
    if name in required(kind):
        return ("", "Choose…"), *offered
    return (*offered,) if usual is not None else (("", "Not known"), *offered)


def _longest(kind: str, name: str) -> int | None:
    return limits(kind, name).get("maxLength")


def _hint(kind: str, name: str, control: Control, zone: ZoneInfo) -> str:
    """What the field means, and how it is written where that is not plain to see."""
    ways = {
        Control.MOMENT: f"Time in {zone.key}.",
        Control.LINES: "One a line.",
    }
    either = "One of model and service is needed." if name in _subject(kind)[:1] else ""
    return " ".join(filter(None, (hint(kind, name), ways.get(control, ""), either)))


def _which(text: str, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """The two instants of a wall clock that reads so twice, in the hour in which the clocks go back."""
    try:
        early, late = (datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    except ValueError:
        return ()
    if early.utcoffset() == late.utcoffset() or not _happened(early):
        return ()
    return ("0", f"The first time, {early:%Z}"), ("1", f"The second time, {late:%Z}")


def _happened(at: datetime) -> bool:
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


def typed(kind: str, said: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """What somebody would type to say this again."""
    given: dict[str, str] = {}
    for name, value in said.items():
        if shapes(kind).get(name) is Shape.INSTANT:
            at = datetime.fromisoformat(value).astimezone(zone)
            value = at.replace(tzinfo=None, fold=0).isoformat()
            given[PREFIX + name + WHICH] = str(at.fold)
        given[PREFIX + name] = _as_typed(value)
    return given


def _as_typed(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, dict):
        return "\n".join(f"{name} = {text}" if text is not None else name for name, text in value.items())
    return str(value)


def values(kind: str, given: Given, zone: ZoneInfo) -> dict[str, Any]:
    """The fields of a form that say something, as a fact takes them."""
    found: dict[str, Any] = {}
    for name in names(kind):
        text = given.get(PREFIX + name, "").strip()
        if text:
            found[name] = _value(_control(kind, name), text, given.get(PREFIX + name + WHICH, ""), zone)
    return found


def _value(control: Control, text: str, which: str, zone: ZoneInfo) -> Any:
    if control is Control.MOMENT and which in ("0", "1") and _which(text, zone):
        return datetime.fromisoformat(text).replace(tzinfo=zone, fold=int(which))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if control in (Control.LINES, Control.CHOICES):
        return lines
    if control is Control.PAIRS:
        parts = (line.partition("=") for line in lines)
        return {name.strip(): text.strip() if sign else None for name, sign, text in parts}
    return text
