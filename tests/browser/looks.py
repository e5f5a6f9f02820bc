"""What every page must stand: no script, a narrow phone, both themes, and the accessibility rules."""

from collections.abc import Sequence
from typing import Any

from axe_core_python.base import AXE_SCRIPT
from playwright.sync_api import expect

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours: the others say in one theme what they say in the other."""
OPTIONS = {"resultTypes": ["violations"], "preload": False, "selectors": False, "elementRef": False}
"""Nothing is fetched again for rules that nobody asks for, and nothing worked out that nobody reads."""
TOO_SMALL = """() => [...document.querySelectorAll("body *")]
    .filter(each => [...each.childNodes].some(node => node.nodeName === "#text" && node.data.trim()))
    .filter(each => each.checkVisibility())
    .map(each => [parseFloat(getComputedStyle(each).fontSize) * (each.getScreenCTM?.().a ?? 1), each.textContent])
    .filter(([size]) => size < 11.95)
    .map(([size, text]) => `${size.toFixed(1)} px: ${text.slice(0, 40)}`)"""
"""Text below twelve pixels, drawings scaled as they are shown."""
ASK = "options => axe.run(options).then(found => found.violations)"


def violations(page: Any) -> list[str]:
    """The accessibility rules a page breaks, with the first place of each."""
    return _broken(page, {"type": "tag", "values": STANDARDS})


def violations_in_both_themes(page: Any) -> list[str]:
    """The same of a page in the light, and by its colours in the dark."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + _broken(page, {"type": "rule", "values": OF_COLOUR})


def _broken(page: Any, rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(ASK, {"runOnly": rules, **OPTIONS})
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def shared_out(paths: Sequence[str], among: int) -> list[Sequence[str]]:
    """So many lists of much the same length, for tests that run side by side: one page serves each of them."""
    return [paths[first::among] for first in range(among)]


def broken(page: Any, paths: Sequence[str]) -> dict[str, list[str]]:
    """Those of these pages that break rules in either theme, each with its rules."""
    found = {}
    for path in paths:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        found[path] = violations_in_both_themes(page)
    return {path: rules for path, rules in found.items() if rules}


def unfit(page: Any, paths: Sequence[str]) -> list[str]:
    """Those of these pages that scroll sideways in this window, and letters too small to read on any of them."""
    found = []
    for path in paths:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        found += [path] * scrolls_sideways(page)
        found += [f"{path}: {text}" for text in page.evaluate(TOO_SMALL)]
    return found


def scrolls_sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def press(page: Any, button: str) -> None:
    """Press a button that leads to another page, and be there."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()
