"""Asking JSM Operations and Opsgenie: nothing is lost between pages and windows, refusals say what to do."""

import pytest
import time_machine
from werkzeug import Response

from integrations.jsm_operations import collector, history, reading
from ops_console.contracts.integration import Rejected
from tests.integrations.collectors import WalkContract, until_trouble
from tests.integrations.jsm_operations.conftest import NOW
from tests.integrations.jsm_operations.desk import (
    ANA,
    BEGAN,
    DAY,
    HOUR,
    MINUTE,
    TOKEN,
    Desk,
    as_json,
    refused,
    stamp,
)
from tests.integrations.jsm_operations.pulled import asked, facts, fired, pages


@pytest.fixture
def little(either: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One that tells five of a window, each on its own page, where others tell twenty thousand."""
    assert history.MOST == reading.MOST == either.most == 20_000
    either.page, either.most = 1, 500
    for module in (history, reading):
        monkeypatch.setattr(module, "MOST", 500)
    return either


class TestTheContract(WalkContract):
    collector, secret, again = collector, TOKEN, 5
    refusals = (
        (refused(401, "Could not authenticate"), "does not accept the token", "one without scopes"),
        (refused(402, "Plan"), r"does not let the token read the alerts \(Plan\)", "Read and Configuration"),
        (refused(403, "Forbidden."), r"does not let the token read the alerts \(Forbidden\)", "look at operations"),
        (refused(404, "Not found"), "does not find the alerts", "cloud id"),
        (refused(422, "Nonsense"), r"answers 422 when asked for the alerts \(Nonsense\)", "cloud id"),
        (Response("<html>no</html>", 418), "answers 418", "address of the API"),
    )
    waits = (
        (refused(429, "You are making too many requests!", Retry_After="600"), 600),
        (refused(429, "You are making too many requests!", X_RateLimit_State="THROTTLED"), 60),
        (Response("", 429), 60),
        (refused(503), None),
        (Response("<html>maintenance</html>", 200), None),
        (as_json([]), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, either: Desk) -> None:
        self.vendor = either

    def happen(self, count: int) -> None:
        fired(self.vendor, count)

    def happen_in_every_list(self) -> None:
        fired(self.vendor, 7, DAY)
        self.vendor.fire(BEGAN)
        for number in range(5):
            self.vendor.on_call(ANA, BEGAN + 2 * number * DAY, BEGAN + (2 * number + 1) * DAY)
            self.vendor.open_incident(BEGAN + number * DAY)

    def steps(self) -> int:
        return (6 if self.vendor.is_opsgenie else 4) * (NOW - BEGAN).days


def test_a_refusal_names_the_product_that_was_asked(either: Desk) -> None:
    either.troubles = [refused(401, "Could not authenticate")]
    with pytest.raises(Rejected, match="^Opsgenie" if either.is_opsgenie else "^JSM Operations"):
        pages(either)


def test_an_alert_comes_in_full(either: Desk) -> None:
    fired(either, 1)
    expected = {
        "external_id": "alert-1",
        "name": "Answers are late",
        "fingerprint": "key of alert-1",
        "class": "page",
        "service": "ranker",
        "updated_at": "2026-10-01T00:09:01Z",
        "started_at": "2026-10-01T00:00:00Z",
        "acknowledged_at": "2026-10-01T00:03:00Z",
        "ended_at": "2026-10-01T00:09:00Z",
        "person": "Ana",
    }
    link = {"url": f"{either.url}/alert/detail/alert-1/details"} if either.is_opsgenie else {}
    assert facts(pages(either))["alert-1"] == expected | link


def test_a_window_that_holds_more_than_may_be_told_is_halved(little: Desk) -> None:
    fired(little, 20)
    assert len(facts(pages(little))) == 20


def test_more_in_one_millisecond_than_may_be_told_is_said(little: Desk) -> None:
    for _ in range(6):
        little.fire(BEGAN)
    with pytest.raises(Rejected, match="More than 500 of the alerts were made in one millisecond"):
        pages(little)


def test_when_more_changed_than_may_be_told_all_are_read_again(little: Desk, clock: time_machine.Traveller) -> None:
    fired(little, 9)
    cursor = pages(little)[-1].cursor
    clock.shift(DAY)
    for number in range(1, 10):
        little.note(f"alert-{number}", NOW + HOUR)
        little.alerts[f"alert-{number}"]["message"] = "Other words"
    found = pages(little, cursor)
    found += pages(little, found[-1].cursor)
    assert {each["name"] for each in facts(found).values()} == {"Other words"} and len(facts(found)) == 9


def test_what_lies_before_the_beginning_is_not_taken(either: Desk) -> None:
    for hours in (-40, -1, 1, 2):
        either.fire(BEGAN + hours * HOUR)
    either.note("alert-1", NOW)
    assert sorted(facts(pages(either))) == ["alert-3", "alert-4"]


def test_nothing_new_costs_next_to_nothing(either: Desk) -> None:
    fired(either, 5)
    cursor = pages(either)[-1].cursor
    either.asked.clear()
    assert facts(pages(either, cursor)) == {}
    version = "/v2" if either.is_opsgenie else "/v1"
    incidents = ["/v1/incidents"] if either.is_opsgenie else []
    assert asked(either) == [f"{version}/alerts", f"{version}/alerts", *incidents]


def test_what_changes_while_a_backfill_walks_is_not_missed(either: Desk, clock: time_machine.Traveller) -> None:
    either.page = 2
    for number in range(7):
        either.fire(BEGAN + number * HOUR)
    walked = collector.pull(either.setup(), {}, BEGAN)
    first = [next(walked), next(walked)]
    clock.shift(HOUR)
    either.close("alert-1", NOW + MINUTE)
    either.fire(NOW + 3 * MINUTE)
    found = facts([*first, *pages(either, first[-1].cursor)])
    assert len(found) == 8 and found["alert-1"]["ended_at"] == "2026-11-04T12:01:00Z"


def test_a_change_is_heard_however_old_the_alert(either: Desk, clock: time_machine.Traveller) -> None:
    either.fire(BEGAN)
    cursor = pages(either)[-1].cursor
    clock.shift(40 * DAY)
    either.close("alert-1", NOW + 39 * DAY)
    assert facts(pages(either, cursor))["alert-1"]["ended_at"] == stamp(NOW + 39 * DAY)


def test_an_alert_that_changed_long_after_its_end_ended_when_it_was_closed(either: Desk) -> None:
    fired(either, 1)
    either.note("alert-1", BEGAN + 13 * DAY)
    found = facts(pages(either))["alert-1"]
    assert (found["ended_at"], found["updated_at"]) == ("2026-10-01T00:09:00Z", "2026-10-14T00:00:01Z")


def test_an_open_alert_that_is_gone_leaves_a_tombstone(either: Desk) -> None:
    either.fire(BEGAN)
    either.fire(BEGAN)
    cursor = pages(either)[-1].cursor
    del either.alerts["alert-1"]
    found = pages(either, cursor)
    assert facts(found) == {
        "alert-1": {"external_id": "alert-1", "deleted": True, "updated_at": "2026-11-04T12:00:00Z"}
    }
    assert found[-1].cursor["open"] == ["alert-2"]
    assert facts(pages(either, found[-1].cursor)) == {}


def test_one_that_is_closed_while_nobody_looked_is_read(either: Desk) -> None:
    either.fire(BEGAN)
    cursor = pages(either)[-1].cursor
    either.alerts["alert-1"] |= {"status": "closed", "closeTime": stamp(BEGAN + HOUR)}
    assert facts(pages(either, cursor))["alert-1"]["ended_at"] == stamp(BEGAN + HOUR)


def test_one_list_that_may_not_be_read_keeps_nobody_from_reading_the_others(either: Desk) -> None:
    fired(either, 2)
    either.closed = {"/v1/schedules": refused(403, "Forbidden"), "/v2/schedules": refused(403, "Forbidden")}
    found, trouble = until_trouble(collector.pull(either.setup(), {}, BEGAN))
    assert isinstance(trouble, Rejected) and "read the schedules" in str(trouble)
    assert len(facts(found)) == 2


def test_a_check_asks_for_each_thing_that_will_be_read(either: Desk) -> None:
    name = "Opsgenie" if either.is_opsgenie else "JSM Operations"
    incidents = ("The incidents can be read.",) if either.is_opsgenie else ()
    assert collector.check(either.setup()) == (
        f"The alerts of {name} can be read.",
        *incidents,
        "1 schedule can be read.",
    )


def test_a_preview_counts_alerts_and_names_the_schedules(either: Desk) -> None:
    either.schedules = ["Models", "Shop"]
    fired(either, 2)
    either.fire(BEGAN, priority="P5", tags=[])
    either.fire(BEGAN - 100 * DAY)
    found = collector.discover(either.setup(schedules=[]), BEGAN)
    assert found.lines == (
        "3 alerts, 2 pages among them: 2 of P1, 1 of P5.",
        "Without a service: 1 alert.",
        "2 schedules.",
    )
    (question,) = found.questions
    assert [(one.name, one.suggested) for one in question.found] == [("Models", True), ("Shop", True)]
