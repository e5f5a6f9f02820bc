"""However a calendar changes, whenever it is read, and whatever goes wrong: the records are its shifts that ended."""

from datetime import timedelta

import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, select
from werkzeug import Response

from integrations.ical import MANIFEST, collector
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync
from ops_console.records.alerts import Shift
from tests.emptying import empty
from tests.examples import examples
from tests.integrations.ical.wall import BEGAN, DAY, Wall, calendar, shift

DAYS = 30
FATES = ("read", "killed", "refused", "limited", "cut", "read again", "left alone")
TROUBLES = {
    "refused": Response("", 401),
    "limited": Response("", 429, headers={"Retry-After": "900"}),
    "cut": Response("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", content_type="text/calendar"),
}
Plan = dict[int, str]
"""Who is on call on each day; nobody where it was cancelled."""


class World:
    """Two calendars, of which one changes, and a console that reads them."""

    def __init__(self, wall: Wall, engine: Engine, clock: time_machine.Traveller) -> None:
        self.wall, self.clock = wall, clock
        parts = Parts({"ical": MANIFEST}, collectors={"ical": collector})
        self.office = Office(engine, parts, Settings(private_addresses="127.0.0.0/8,::1/128"))
        with transaction(engine) as session:
            empty(session.connection())
            made = sources.add(session, MANIFEST, "ical", {"calendars": wall.lines()}, {}, BEGAN, "ana")
        self.number = made.id or 0

    def plans(self, plan: Plan) -> None:
        whole = {0: "Zoe"} | plan
        events = [shift(name or "Ana", day, *(() if name else ("STATUS:CANCELLED",))) for day, name in whole.items()]
        self.wall.files["/a.ics"] = calendar(*events)

    def reads(self, day: int, fate: str) -> None:
        self.clock.move_to(BEGAN + day * DAY + timedelta(hours=12))
        if fate == "left alone":
            return
        self.wall.troubles = [TROUBLES[fate]] if fate in TROUBLES else []
        sync.sync(self.office, self.number, "test", seconds=0 if fate == "killed" else None)
        if fate == "read again":
            sync.sync(self.office, self.number, "test", since=BEGAN)
        self.wall.troubles = []

    def records(self) -> list[tuple[str, str, str]]:
        with reading(self.office.engine) as session:
            rows = session.scalars(select(Shift).where(Shift.deleted_at.is_(None)))  # type: ignore[union-attr]
            return sorted((row.schedule, f"{row.started_at:%m-%d}", row.person) for row in rows)


def test_any_interleaving_ends_in_the_same_records(
    httpserver: HTTPServer, sqlite: Engine, clock: time_machine.Traveller
) -> None:
    change = st.tuples(st.integers(1, DAYS), st.integers(1, DAYS), st.sampled_from(["Ana", "Ben", ""]))
    changes = st.lists(st.tuples(change, st.sampled_from(FATES)), max_size=10)

    @settings(max_examples=examples(8), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(changes)
    def interleaved(told: list[tuple[tuple[int, int, str], str]]) -> None:
        httpserver.clear()
        wall = Wall(httpserver, {"/a.ics": "", "/b.ics": calendar(*(shift("Eva", day) for day in range(0, DAYS, 3)))})
        here = World(wall, sqlite, clock)
        plan = dict.fromkeys(range(1, DAYS), "Ana")
        here.plans(plan)
        for (now, day, name), fate in sorted(told):
            plan[day] = name
            here.plans(plan)
            here.reads(now, fate)
        here.reads(DAYS + 1, "read")
        expected = [("a", day, name) for day, name in ({0: "Zoe"} | plan).items() if name]
        others = [("b", day, "Eva") for day in range(0, DAYS, 3)]
        assert here.records() == sorted(
            (schedule, f"{BEGAN + day * DAY:%m-%d}", name) for schedule, day, name in (*expected, *others)
        )

    interleaved()
