"""What a drawing shows, read back from its SVG."""

import re
from xml.etree import ElementTree

from ops_console.reporting.charts import ChartSpec, svg
from ops_console.reporting.charts.lettering import width

SVG = "{http://www.w3.org/2000/svg}"


def drawing(spec: ChartSpec, wide: float = 552, high: float = 260, theme: str = "light") -> ElementTree.Element:
    return parsed(svg(spec, width=wide, height=high, theme=theme))


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def found(root: ElementTree.Element, tag: str, **attributes: str) -> list[ElementTree.Element]:
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [e for e in root.iter(f"{SVG}{tag}") if all(e.get(name) == value for name, value in wanted.items())]


def boxes(root: ElementTree.Element) -> list[tuple[str, float, float, float, float]]:
    """Every text with its left, top, right and bottom edge."""
    return [
        _box(element, width(element.text or "", bold="font-weight" in element.attrib))
        for element in root.iter(f"{SVG}text")
    ]


def _box(element: ElementTree.Element, wide: float) -> tuple[str, float, float, float, float]:
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    left = x - {"middle": wide / 2, "end": wide}.get(element.get("text-anchor", "start"), 0)
    return element.text or "", left, y - 9, left + wide, y + 2


def overlapping(root: ElementTree.Element) -> list[tuple[str, str]]:
    """Texts that stand on each other."""
    all_of_them = boxes(root)
    return [
        (a[0], b[0])
        for index, a in enumerate(all_of_them)
        for b in all_of_them[index + 1 :]
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", text)]
