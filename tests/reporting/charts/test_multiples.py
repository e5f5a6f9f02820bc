"""Small multiples: one scale, the largest first, twelve at most."""

from decimal import Decimal

import pytest

from ops_console.measures.annotations import Annotation
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.reporting.charts import small_multiples, spec_for
from ops_console.reporting.charts.multiples import on_one_scale
from tests.reporting.charts import sights
from tests.reporting.charts.drawn import SVG, found, overlapping, parsed, texts
from tests.reporting.shown import DAY, OCTOBER, history, reading


def team(name: str, n: int, days: float = 8) -> Reading:
    past = history([days * DAY, None, days * DAY], target=Bounds(high=14 * DAY))
    return reading(scope=Scope(ScopeKind.TEAM, name), n=Decimal(n), value=days * DAY, history=past)


def panels(readings: list[Reading], width: float = 880) -> list[str]:
    root = parsed(small_multiples(readings, width=width))
    return [group.findtext(f"{SVG}title") or "" for group in root.iter(f"{SVG}g")]


def test_the_largest_panel_stands_first() -> None:
    names = panels([team("Ads", 3), team("Search", 40), team("Risk", 12)])
    assert [title.partition(":")[0] for title in names] == ["Team Search", "Team Risk", "Team Ads"]


def test_twelve_panels_are_drawn_and_the_rest_counted() -> None:
    many = [team(f"T{index:02}", 20) for index in range(15)]
    assert len(panels(many)) == 12
    assert "+3 more in the data table" in texts(parsed(small_multiples(many)))


def test_every_panel_has_the_same_scale() -> None:
    specs = on_one_scale([spec_for(team("Ads", 3, 2)), spec_for(team("Search", 3, 40))])
    assert specs[0].axis == specs[1].axis
    assert specs[0].axis.high >= 40 * DAY


@pytest.mark.parametrize("width", [320, 552, 880])
def test_no_words_stand_on_each_other(width: float) -> None:
    names = [
        "Search",
        "Advertising experience and measurement",
        "Risk",
        "text-generation-inference-embedding-router-v2",
    ]
    root = parsed(small_multiples([team(name, 9) for name in names], width=width))
    assert overlapping(root) == []


def test_a_name_that_does_not_fit_is_told_in_full_when_pointed_at() -> None:
    name = "Advertising experience and measurement platform"
    assert panels([team(name, 9)], width=210) == [f"Team {name}: 8 days"]


def test_nothing_to_compare_is_an_empty_drawing() -> None:
    assert panels([]) == []
    assert parsed(small_multiples([])).findtext(f"{SVG}title") == "Nothing to compare"


def test_it_is_one_image_with_one_name() -> None:
    root = parsed(small_multiples([team("Ads", 3)]))
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("img", "Lead time for model changes by team")


def test_every_panel_covers_the_same_time() -> None:
    young, old = reading(history=history([3.0])), reading(history=history([1.0, None, 2.0]))
    never = reading(history=history([None, None, None, None]), value=None)
    points = [spec.points for spec in on_one_scale([spec_for(each) for each in (young, old, never)])]
    assert [[point.label for point in each] for each in points] == [["2026-08", "2026-09", "2026-10"]] * 3
    assert [[point.value for point in each] for each in points] == [[None, None, 3.0], [1.0, None, 2.0], [None] * 3]


def test_every_panel_shows_where_something_was_noted() -> None:
    noted = [sights.noted(team(name, 9), sights.OUTAGE) for name in ("Ads", "Risk")]
    lines = found(parsed(small_multiples(noted)), "line", stroke_dasharray="2 3")
    assert len(lines) == 2


def test_what_was_noted_keeps_its_place_in_a_panel_that_begins_earlier_than_its_figures() -> None:
    young = sights.noted(reading(history=history([3.0])), Annotation(OCTOBER.start, text="launch"))
    old = reading(history=history([1.0, 1.5, 2.0]))
    (mark,) = on_one_scale([spec_for(young), spec_for(old)])[0].marks
    assert mark.at == 1.5


def test_words_in_the_place_of_a_figure_leave_room_for_whose_they_are() -> None:
    hidden = {"value": None, "k": None, "n": None, "detail": {"hidden": True}}
    teams = [reading("team_health", scope=Scope(ScopeKind.TEAM, f"Risk {n}"), **hidden) for n in range(4)]
    root = parsed(small_multiples(teams, width=600))
    assert "Team Risk 0" in texts(root) and overlapping(root) == []
