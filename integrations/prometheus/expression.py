"""An expression of an error ratio, taken apart into the questions whose answers make an hourly slice.

Ratios are never averaged: bad and valid events are asked for and summed. A missing total stays missing, so that a dead
target is a gap and not an hour without errors; missing errors are none, as long as there is a total.
"""

import re
from typing import NamedTuple

HOUR, STEP = 3600, 300
SEEN = "[59m59s:5m]"
"""The twelve five minutes of an hour, whether or not a server counts the beginning of a range in."""
PER_SECOND = re.compile(r"\bi?rate\s*\(|:i?rate\d")
"""A function, or how what it answers is called where it is recorded."""
INVENTED = re.compile(r"\s+or\s+(?:on\s*\(\s*\)\s+)?vector\s*\(\s*\d+(?:\.\d+)?\s*\)", re.I)
"""It makes a value of a missing one."""
OPERATOR = re.compile(r"==|!=|>=|<=|[-+*/%^<>]|\b(?:and|or|unless|atan2|on|ignoring)\b", re.I)
OPENING, CLOSING, QUOTES = "([{", ")]}", "\"'`"


class Questions(NamedTuple):
    """Bad and valid events (or seconds) of the hour that ends at an instant, and the seconds of it that were seen."""

    bad: str
    total: str
    seen: str


class Ratio(NamedTuple):
    """`bad` needs both its sides where it is a difference: what is missing there was not nothing."""

    bad: str
    total: str
    is_difference: bool


def questions(expression: str, ranged: str) -> Questions:
    """What to ask for an error ratio whose ranges are as long as `ranged`."""
    ratio = taken_apart(INVENTED.sub("", expression))
    return _of_ratio(expression, ranged) if ratio is None else _of_counts(ratio, ranged)


def has_counts(expression: str) -> bool:
    """Whether events can be counted, or seconds only."""
    return taken_apart(INVENTED.sub("", expression)) is not None


def taken_apart(expression: str) -> Ratio | None:
    """`bad / total`, or `1 - good / total`; nothing where it is neither."""
    bare = _without_parentheses(expression)
    found = [(each[0], each.span()) for each in OPERATOR.finditer(_outside(bare))]
    words = [word for word, _ in found]
    if words == ["/"]:
        (begin, end) = found[0][1]
        bad, total = _without_parentheses(bare[:begin]), _without_parentheses(bare[end:])
        return Ratio(bad, total, "-" in _outside(bad))
    if words in (["-"], ["-", "/"]) and bare[: found[0][1][0]].strip() == "1":
        inner = taken_apart(bare[found[0][1][1] :])
        return inner and Ratio(f"({inner.total}) - ({inner.bad})", inner.total, True)
    return None


def _of_counts(ratio: Ratio, ranged: str) -> Questions:
    bad, total = (f"sum({_over(each, ranged)})" for each in (ratio.bad, ratio.total))
    known = bad if ratio.is_difference else f"({bad} or 0 * {total})"
    times = f" * {HOUR}" if PER_SECOND.search(ratio.total) else ""
    seen = f"sum({_ranged(ratio.total, ranged, '5m')})"
    return Questions(f"{known}{times}", f"{total}{times}", f"count_over_time(({seen}){SEEN}) * {STEP}")


def _of_ratio(expression: str, ranged: str) -> Questions:
    """Without counts every five minutes count equally; those without traffic have no ratio, and count for nothing."""
    known = f"avg({_ranged(expression, ranged, '5m')})"
    seen = f"count_over_time(({known}){SEEN}) * {STEP}"
    bad, total = (f"{each}_over_time(({known} >= 0){SEEN}) * {STEP} or 0 * {seen}" for each in ("sum", "count"))
    return Questions(bad, total, seen)


def _over(expression: str, ranged: str) -> str:
    """The expression over an hour; what has no range of its own is taken every five minutes."""
    made = _ranged(expression, ranged, "1h")
    return made if made != expression or ranged == "1h" else f"avg_over_time(({expression}){SEEN})"


def _ranged(expression: str, ranged: str, wanted: str) -> str:
    return re.sub(rf"\[{re.escape(ranged)}(?=[\]:])", f"[{wanted}", expression) if ranged else expression


def _without_parentheses(expression: str) -> str:
    bare = expression.strip()
    while bare.startswith("(") and not _outside(bare).strip():
        bare = bare[1:-1].strip()
    return bare


def _outside(expression: str) -> str:
    """The expression with everything between brackets and quotes blanked out."""
    shown, depth, quote, is_escaped = [], 0, "", False
    for each in expression:
        is_hidden = bool(depth or quote)
        if quote:
            quote = "" if each == quote and not is_escaped else quote
            is_escaped = each == "\\" and not is_escaped and quote != "`"
        elif each in QUOTES:
            quote, is_hidden = each, True
        elif each in OPENING:
            depth, is_hidden = depth + 1, True
        elif each in CLOSING:
            depth -= 1
        shown.append(" " if is_hidden else each)
    return "".join(shown)
