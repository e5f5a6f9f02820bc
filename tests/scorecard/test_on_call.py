"""On-call load by person and by hour, from the very rows of the KPIs."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from ops_console.measures.figures import Span
from ops_console.measures.interruptions import Hours
from ops_console.measures.scopes import WORKSPACE, parse
from ops_console.records.workspace import Workspace
from ops_console.scorecard.on_call import carried, pages_by_hour
from tests.kpis.records import at
from tests.kpis.team_records import pages, person, shift
from tests.scorecard.measuring import books, figure

OCTOBER = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
FIRST = at("10-05 08:00")
DAY = timedelta(days=1)


def test_each_persons_hours_shifts_and_pages_are_told(database: Engine) -> None:
    with books(database) as written:
        person(written, "Ada", team="Search")
        for turn, who in enumerate(("Ada", "Ben", "Ada")):
            shift(written, who, FIRST + turn * DAY)
        pages(written, "Ada", FIRST + timedelta(hours=1), 3)
        pages(written, "Ada", at("10-06 23:00"))

        (ada, ben), _ = carried(written.session, OCTOBER)
        assert (ada.who.key, ada.who.team, ada.hours, ada.shifts, ada.shifts_over) == ("ada", "Search", 24, 2, 1)
        assert (ada.pages, ada.by_hours) == (4, {Hours.BUSINESS: 3, Hours.OFF: 0, Hours.SLEEP: 1})
        assert (ben.who.key, ben.hours, ben.pages, ben.per_shift) == ("ben", 12, 0, 0)


def test_people_add_up_to_the_figure_of_the_team(database: Engine) -> None:
    with books(database) as written:
        for turn, who in enumerate(("Ada", "Ben", "Cy") * 3):
            shift(written, who, FIRST + turn * DAY)
            pages(written, who, FIRST + turn * DAY, turn % 4)
        shift(written, "Ada", at("09-30 20:00"))
        pages(written, "Ada", at("09-30 21:00"), 3)
        pages(written, None, FIRST, 2)

        told = figure(written.session, "team_health")
        found, unnamed = carried(written.session, OCTOBER)
        assert sum(each.pages for each in found) == told.detail["pages"]
        assert told.excluded == {"no person named": unnamed} == {"no person named": 2}
        assert sum(each.shifts for each in found) == told.detail["shifts"] == 10
        assert sum(each.shifts_over for each in found) == told.detail["shifts_over"]
        assert {str(kind): sum(each.by_hours[kind] for each in found) for kind in Hours} == told.detail["by_hours"]


def test_a_shift_over_the_edge_of_the_month_is_over_the_limit_by_its_pages_before(sqlite: Engine) -> None:
    with books(sqlite) as written:
        shift(written, "Ada", at("09-30 20:00"))
        pages(written, "Ada", at("09-30 21:00"), 3)

        ((ada,), _) = carried(written.session, OCTOBER)
        assert (ada.hours, ada.pages, ada.shifts, ada.shifts_over) == (8, 0, 1, 1)


def test_pages_are_counted_by_the_hour_of_the_workspace(database: Engine) -> None:
    """Clocks go back on 25 October in London: 09:30 UTC is 10:30 before and 09:30 after."""
    with books(database) as written:
        written.session.add(Workspace(name="Ops", time_zone="Europe/London", currency="USD", made_at=FIRST))
        pages(written, None, at("10-19 09:30"))
        pages(written, "Ada", at("10-26 09:30"), 2)

        assert pages_by_hour(written.session, WORKSPACE, OCTOBER) == {(0, 10): 1, (0, 9): 2}


def test_what_wakes_nobody_is_no_page(database: Engine) -> None:
    with books(database) as written:
        for how in ({"class_": "ticket"}, {"silenced": True}, {"test": True}, {"deleted_at": FIRST}):
            pages(written, "Ada", FIRST, **how)
        pages(written, "Ada", FIRST, 1, firing="a")
        pages(written, "Ada", FIRST, 1, firing="a")

        assert sum(pages_by_hour(written.session, WORKSPACE, OCTOBER).values()) == 1


def test_a_team_is_told_the_pages_of_its_models(database: Engine) -> None:
    with books(database) as written:
        pages(written, None, FIRST, 2, entry_id=written.model("ranker", team="Search"))
        pages(written, None, FIRST, 1, entry_id=written.model("fraud", team="Risk"))

        assert pages_by_hour(written.session, parse("team:Search"), OCTOBER) == {(0, 8): 2}
