"""Words that point at people where a review asks about the system. A hint beside the text; nothing is ever blocked."""

import re
from dataclasses import dataclass

FALSE_FRIENDS = {"who": ("who knows", "those who", "people who", "users who", "customers who", "anyone who")}
WORDS = {
    r"who": "Ask what made it possible, not who did it.",
    r"blame[ds]?|fault of|culprit|guilty": "Say what the system allowed.",
    r"human error|operator error|user error|mistake[sn]?|careless(?:ly|ness)?|negligen(?:t|ce)|sloppy": (
        "Say what made the slip easy and hard to notice."
    ),
    r"should(?:n't| not)? have|could have|would have|failed to|forgot to|neglected to": (
        "Say what was done and what it looked like then; afterwards everybody knows better."
    ),
    r"obvious(?:ly)?|of course|simply|just had to": "It was not obvious then: say what hid it.",
    r"outage": "Say what users saw: which answers were wrong, late or missing.",
}
_PATTERNS = [(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), advice) for pattern, advice in WORDS.items()]


@dataclass(frozen=True, slots=True)
class Hint:
    """A word of the text and what may read better."""

    word: str
    advice: str


def hints(text: str, names: frozenset[str] = frozenset()) -> list[Hint]:
    """One hint for each kind of word that a text uses, in the order in which they stand; `names` are people's."""
    found = [
        (match.start(), Hint(match[0], advice)) for pattern, advice in _PATTERNS if (match := _first(pattern, text))
    ]
    for name in names:
        place = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
        if place is not None:
            found.append(
                (place.start(), Hint(place[0], "A role says enough: on-call engineer, reviewer, model owner."))
            )
    return [hint for _, hint in sorted(found, key=lambda each: each[0])]


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((match for match in pattern.finditer(text) if not _is_harmless(match, text)), None)


def _is_harmless(match: re.Match[str], text: str) -> bool:
    friends = FALSE_FRIENDS.get(match[0].lower(), ())
    around = text[max(0, match.start() - 12) : match.end() + 12].lower()
    return any(friend in around for friend in friends)
