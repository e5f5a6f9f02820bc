"""How wide words are and where labels go, so that nothing in a drawing overlaps."""

from collections.abc import Sequence

_ASCII_WIDTHS = (
    "32 41 46 84 64 96 78 28 40 40 50 84 32 37 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 54 100 "
    "69 69 70 78 64 58 78 76 30 30 66 56 87 75 79 61 79 70 64 62 74 69 99 69 62 69 40 34 40 84 50 50 62 "
    "64 55 64 62 36 64 64 28 28 58 28 98 64 62 64 64 42 53 40 64 60 82 60 60 53 64 34 64 84"
)
WIDTHS = dict(zip(map(chr, range(32, 127)), map(int, _ASCII_WIDTHS.split()), strict=True)) | {"…": 100, "·": 32}
"""Advance widths of DejaVu Sans, in hundredths of the font size: the widest of the fonts that readers have, so that
words which keep apart in it keep apart in all of them.
"""
UNKNOWN = 84
BOLD = 1.12


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
