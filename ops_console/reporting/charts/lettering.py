"""How wide words are and where labels go, so that nothing in a drawing overlaps."""

from collections.abc import Sequence

_ASCII_WIDTHS = (
    "25 26 32 62 56 73 62 17 34 35 43 57 20 28 26 41 56 56 56 56 56 56 56 56 56 56 24 21 51 55 52 47 90 "
    "65 62 65 66 57 55 68 71 27 55 63 54 87 71 69 63 69 62 59 60 65 64 89 63 60 60 27 41 27 42 45 31 54 "
    "56 52 56 53 35 56 55 24 24 51 24 88 55 57 56 57 34 52 33 55 48 75 50 47 50 34 24 34 68"
)
WIDTHS = dict(zip(map(chr, range(32, 127)), map(int, _ASCII_WIDTHS.split()), strict=True))
"""Advance widths of Roboto Regular, in hundredths of the font size, from the font's `hmtx` table."""
UNKNOWN = 60
BOLD = 1.04


def width(text: str, size: float = 12, bold: bool = False) -> float:
    """The width of a line of text in pixels."""
    return sum(WIDTHS.get(letter, UNKNOWN) for letter in text) * size / 100 * (BOLD if bold else 1)


def fitted(text: str, room: float, size: float = 12) -> str:
    """The text, or as many of its words as fit and an ellipsis; letters where it is one word, such as a slug."""
    if width(text, size) <= room:
        return text
    kept = next((n for n in range(len(text) - 1, 0, -1) if width(text[:n] + " …", size) <= room), 0)
    whole = text[:kept].rpartition(" ")[0] if text[kept : kept + 1] != " " else text[:kept]
    return f"{whole} …" if whole else f"{text[:kept].rstrip('-_.,')}…"


def wrapped(text: str, room: float, size: float = 12) -> list[str]:
    """The text in lines of whole words."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def stacked(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """The tops of blocks as near as possible to their wanted centres, without overlap, inside `[low, high]`."""
    order = sorted(range(len(centres)), key=lambda index: centres[index])
    tops = [centre - height / 2 for centre, height in zip(centres, heights, strict=True)]
    floor = low
    for index in order:
        tops[index] = max(tops[index], floor)
        floor = tops[index] + heights[index]
    ceiling = high
    for index in reversed(order):
        tops[index] = min(tops[index], ceiling - heights[index])
        ceiling = tops[index]
    return tops
