"""Colours by meaning, for both themes."""

import pytest

from ops_console.reporting.charts import stylesheet
from ops_console.reporting.charts.tokens import DARK, LIGHT

WORDS = ("text", "text-2", "text-3", "good", "watch", "bad", "none")


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast of two colours."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("ground", ["surface", "surface-2"])
@pytest.mark.parametrize("role", WORDS)
def test_words_are_readable_on_paper_and_on_the_band(theme: dict[str, str], ground: str, role: str) -> None:
    assert contrast(theme[role], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("role", [f"series-{number}" for number in range(1, 7)])
def test_lines_stand_out_from_paper(theme: dict[str, str], role: str) -> None:
    assert contrast(theme[role], theme["surface"]) >= 3


def test_both_themes_have_the_same_roles() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_the_style_sheet_has_a_rule_for_every_role_and_names_the_pages_colours() -> None:
    css = stylesheet()
    for role in LIGHT:
        assert f".chart .f-{role}{{fill:var(--{role})}}" in css
        assert f".chart .s-{role}{{stroke:var(--{role})}}" in css
