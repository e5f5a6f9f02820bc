"""The colours of drawings, by what they mean. Nothing else in a drawing names a colour."""

from enum import StrEnum


class Theme(StrEnum):
    """`page` follows the reader's theme through CSS classes; the others stand alone (e-mail, PDF, PNG)."""

    LIGHT = "light"
    DARK = "dark"
    PAGE = "page"


LIGHT = {
    "surface": "#FFFFFF",
    "surface-2": "#EEF1F4",
    "line": "#D5DAE0",
    "control": "#767F8C",
    "text": "#1A1F26",
    "text-2": "#4A5462",
    "text-3": "#5F6977",
    "good": "#0A62C4",
    "watch": "#8A6100",
    "bad": "#8E0F1F",
    "none": "#5A616B",
    "series-1": "#073A7B",
    "series-2": "#CE7101",
    "series-3": "#1B8D8E",
    "series-4": "#711438",
    "series-5": "#604607",
    "series-6": "#C65AD6",
}
DARK = {
    "surface": "#1A2028",
    "surface-2": "#232B35",
    "line": "#333D4A",
    "control": "#8792A2",
    "text": "#E8ECF1",
    "text-2": "#B4BECB",
    "text-3": "#98A3B3",
    "good": "#6EB0FD",
    "watch": "#F5BA18",
    "bad": "#F57A66",
    "none": "#A9B0BA",
    "series-1": "#107DFB",
    "series-2": "#FE8E1B",
    "series-3": "#ABEBDF",
    "series-4": "#F32B6D",
    "series-5": "#EEE88F",
    "series-6": "#BF7BC7",
}


def palette(theme: Theme) -> dict[str, str]:
    """Colours by role."""
    return DARK if theme is Theme.DARK else LIGHT


def stylesheet() -> str:
    """The rules by which `page` drawings take the page's own colours (custom properties named as the roles)."""
    rules = (f".chart .f-{role}{{fill:var(--{role})}}.chart .s-{role}{{stroke:var(--{role})}}" for role in LIGHT)
    return "\n".join((".chart{max-width:100%;height:auto}", *rules, ""))
