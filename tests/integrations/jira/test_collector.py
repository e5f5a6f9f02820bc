"""Asking Jira: nothing is lost between pages, Cloud and Data Center tell the same, refusals say what to do."""

import pytest
from werkzeug import Response

from integrations.jira import collector
from integrations.jira.account import account
from integrations.jira.api import Jira
from ops_console.contracts.integration import Rejected
from tests.integrations.collectors import WalkContract
from tests.integrations.jira.conftest import NOW
from tests.integrations.jira.pulled import facts, pages, searches, submitted
from tests.integrations.jira.site import (
    BEGAN,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    REQUEST,
    STORY,
    TOKEN,
    Site,
    as_json,
    refused,
    stamp,
)


class TestTheContract(WalkContract):
    collector, secret, again = collector, TOKEN, 2
    refusals = (
        (refused(401, "Unauthorized"), "does not accept the token", "Make a new token"),
        (refused(403, "Forbidden."), r"does not let the token read issues \(Forbidden\)", "browse the projects"),
        (refused(403, X_Authentication_Denied_Reason="CAPTCHA_CHALLENGE"), "wants to see a person", "captcha"),
        (refused(404, "Not Found"), "Jira does not find issues", "Check the address"),
        (refused(410, "Gone"), "does not find issues", "Check the address"),
        (refused(400, "The value 'X' does not exist."), r"cannot answer .*\(The value 'X' does not exist\)", "ticked"),
        (Response("<html>no</html>", 418), "Jira answers 418 when asked for issues", "address of Jira"),
    )
    waits = (
        (refused(429, "Too many", Retry_After="600"), 600),
        (refused(429, "Too many", X_RateLimit_Reset="2026-11-04T12:05:00Z", RateLimit_Reason="jira-burst-based"), 300),
        (refused(429, "Too many"), 60),
        (refused(429, X_RateLimit_Reset="soon"), 60),
        (refused(503), None),
        (refused(503, Retry_After="3600"), 3600),
        (Response("<html>maintenance</html>", 200), None),
        (as_json([]), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, either: Site) -> None:
        self.vendor = either

    def refuse(self, answer: Response) -> None:
        self.vendor.closed = {"search" if not self.vendor.is_cloud else "search/jql": answer}

    def asked(self) -> int:
        return len(searches(self.vendor))

    def happen(self, count: int) -> None:
        submitted(self.vendor, count)

    def happen_in_every_list(self) -> None:
        submitted(self.vendor, 7)
        self.vendor.submit(BEGAN, INCIDENT)
        self.vendor.submit(BEGAN + DAY, STORY, labels=["toil"])
        self.vendor.log_work("OPS-9", BEGAN + DAY, 30)
        self.vendor.move("OPS-3", "Done", BEGAN + DAY, "Done")

    def steps(self) -> int:
        return (NOW - BEGAN).days


def test_a_request_comes_in_full(either: Site) -> None:
    either.submit(BEGAN)
    either.move("OPS-1", "In Progress", BEGAN + HOUR)
    either.move("OPS-1", "Waiting for customer", BEGAN + 2 * HOUR)
    either.move("OPS-1", "In Progress", BEGAN + 5 * HOUR)
    either.move("OPS-1", "Delivered", BEGAN + DAY)
    either.move("OPS-1", "Done", BEGAN + 3 * DAY, "Done")
    assert facts(pages(either, teams=["OPS ML Platform"]))["OPS-1"] == {
        "external_id": "OPS-1",
        "url": f"{either.url}/browse/OPS-1",
        "updated_at": "2026-10-04T00:00:00.001000Z",
        "title": "A place to train",
        "kind": REQUEST,
        "class": "standard",
        "team": "ML Platform",
        "submitted_at": "2026-10-01T00:00:00Z",
        "accepted_at": "2026-10-01T01:00:00Z",
        "first_usable_at": "2026-10-02T00:00:00Z",
        "done_at": "2026-10-04T00:00:00Z",
        "waiting_seconds": 3 * 3600,
    }


def test_an_incident_comes_in_full(either: Site) -> None:
    either.submit(BEGAN, INCIDENT, summary="Answers are late", priority={"name": "Highest"})
    either.move("OPS-1", "In Progress", BEGAN + 3 * MINUTE)
    either.move("OPS-1", "Delivered", BEGAN + 9 * MINUTE)
    either.move("OPS-1", "Closed", BEGAN + DAY, "Done")
    assert facts(pages(either), "incidents")["OPS-1"] == {
        "external_id": "OPS-1",
        "url": f"{either.url}/browse/OPS-1",
        "updated_at": "2026-10-02T00:00:00.001000Z",
        "title": "Answers are late",
        "service": "ranker",
        "severity": "SEV1",
        "status": "resolved",
        "detected_at": "2026-10-01T00:00:00Z",
        "acknowledged_at": "2026-10-01T00:03:00Z",
        "restored_at": "2026-10-01T00:09:00Z",
        "resolved_at": "2026-10-02T00:00:00Z",
    }


def test_what_nobody_ticked_is_left_alone(site: Site) -> None:
    site.submit(BEGAN, project="ML")
    site.submit(BEGAN, STORY)
    site.submit(BEGAN)
    assert sorted(facts(pages(site))) == ["OPS-3"]
    with pytest.raises(Rejected, match="Nothing is counted") as caught:
        pages(site, requests=[], incidents=[], toil=[])
    assert "Tick projects and issue types" in caught.value.remedy
    with pytest.raises(Rejected, match="Nothing is counted"):
        pages(site, projects=[])


def test_before_anybody_ticks_types_count_by_their_names(site: Site) -> None:
    site.submit(BEGAN)
    site.submit(BEGAN, INCIDENT)
    site.submit(BEGAN, STORY)
    found = pages(site, requests=None, incidents=None)
    assert (sorted(facts(found)), sorted(facts(found, "incidents"))) == (["OPS-1"], ["OPS-2"])


def test_the_client_may_ask_and_change_nothing(site: Site) -> None:
    setup = site.setup()
    with Jira(account(setup.settings), setup) as jira, pytest.raises(Rejected, match="POST would change something"):
        jira._jira.add_comment("OPS-1", "Never")
    assert not [each for each in site.asked if "comment" in each]


def test_a_check_asks_for_what_will_be_read(either: Site) -> None:
    assert collector.check(either.setup()) == (
        f"{either.url} is a Jira {'Cloud' if either.is_cloud else 'Data Center'}.",
        "Times of queries are those of America/New_York.",
        "Issues can be read.",
    )
    with pytest.raises(Rejected, match="'Nonsense' does not exist"):
        collector.check(either.setup(requests=["Nonsense"]))


def test_a_preview_counts_issues_and_suggests_what_they_are(either: Site) -> None:
    submitted(either, 3)
    either.submit(BEGAN, INCIDENT, priority={"name": "Urgent"})
    either.submit(BEGAN, STORY, project="ML")
    either.submit(BEGAN - 100 * DAY)
    either.move("OPS-1", "Delivered", BEGAN + DAY)
    either.move("OPS-2", "Closed", BEGAN + DAY, "Done")
    found = collector.discover(either.setup(projects=["ML"], requests=None, incidents=None), BEGAN)
    assert found.lines == ("5 issues of 3 types in 2 projects.", "No severity is known for the priority Urgent.")
    told = {each.setting: {one.name: (one.count, one.suggested) for one in each.found} for each in found.questions}
    assert told == {
        "projects": {"OPS": (4, True), "ML": (1, True)},
        "requests": {REQUEST: (3, True), INCIDENT: (1, False), STORY: (1, False)},
        "incidents": {REQUEST: (3, False), INCIDENT: (1, True), STORY: (1, False)},
        "usable": {"To Do": (3, False), "Delivered": (1, True), "Closed": (1, True)},
        "restored": {"To Do": (3, False), "Delivered": (1, False), "Closed": (1, True)},
    }


def test_a_site_is_where_people_look_at_it_though_it_is_asked_elsewhere(site: Site) -> None:
    site.submit(BEGAN)
    site.closed = {"serverInfo": as_json({"baseUrl": "https://acme.atlassian.net", "deploymentType": "Cloud"})}
    assert facts(pages(site))["OPS-1"]["url"] == "https://acme.atlassian.net/browse/OPS-1"
    assert stamp(BEGAN).endswith("+0800")
