"""What a history means: done is decided by category and resolution, once, and again after a reopening."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.jira import issues
from integrations.jira.account import account, name_of
from integrations.jira.history import Course, course, instant
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import iso
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.jira.site import BEGAN, CATEGORIES, DAY, HOUR, INCIDENT, REQUEST, STATUSES, stamp, status

KNOWN = {number: CATEGORIES[category] for number, category in STATUSES.values()}
HERE = account({"usable": ["Delivered"], "restored": ["Delivered"], "waiting": ["Waiting for customer"]})
Went = tuple[str, str | bool | None]


def histories(*went: Any, workflow: int = -1) -> list[dict[str, Any]]:
    """Where an issue went, an hour after another; with a resolution given, taken away or left alone."""
    found, left = [], "To Do"
    for number, (to, resolution) in enumerate(went):
        items = [_item("status", STATUSES[left][0], STATUSES[to][0], to)] if to != left else []
        if resolution is not None:
            items.append(_item("resolution", None, "1" if resolution else None, str(resolution)))
        items += [{"field": "Workflow", "from": "1", "to": "2"}] if number == workflow else []
        found.append({"id": str(number), "created": stamp(BEGAN + number * HOUR), "items": items})
        left = to
    return found


def _item(name: str, left: str | None, now: str | None, words: str) -> dict[str, Any]:
    return {"field": name, "from": left, "fromString": "", "to": now, "toString": words}


def issue(*went: Any, kind: str = REQUEST, **said: Any) -> dict[str, Any]:
    to = went[-1][0] if went else "To Do"
    resolved = next((given for _, given in reversed(went) if given is not None), None)
    fields = {
        "summary": "A place to train",
        "status": status(to),
        "resolution": {"name": resolved} if resolved else None,
        "created": stamp(BEGAN),
        "updated": stamp(BEGAN + len(went) * HOUR),
        "issuetype": {"name": kind},
        "project": {"key": "OPS", "name": "Operations"},
    }
    return {"key": "OPS-1", "fields": fields | said}


def followed(*went: Any, workflow: int = -1, **said: Any) -> Course:
    return course(issue(*went, **said), histories(*went, workflow=workflow), KNOWN)


def told(*went: Any, **said: Any) -> dict[str, Any]:
    return dict(issues.from_poll(issue(*went, **said), followed(*went, **said), HERE, "https://acme.example").values)


def hour(number: int) -> str | None:
    return iso(BEGAN + number * HOUR)


@pytest.mark.parametrize(
    ("went", "done", "why"),
    [
        ([], None, "nothing happened"),
        ([("In Progress", None)], None, "it is under way"),
        ([("In Progress", None), ("Done", "Done")], 1, "it is done"),
        ([("Done", None)], 0, "a category is enough"),
        ([("In Progress", "Done")], 0, "a resolution is enough"),
        ([("Done", "Done"), ("Closed", None)], 0, "closing what is done completes nothing again"),
        ([("Done", "Done"), ("In Progress", False)], None, "it was reopened"),
        ([("Done", "Done"), ("In Progress", None)], None, "reopened, though somebody left the resolution behind"),
        ([("Done", "Done"), ("In Progress", False), ("Done", "Done")], 2, "done again since the last reopening"),
        ([("Delivered", "Done"), ("Delivered", False)], None, "the resolution was taken away"),
    ],
)
def test_done_is_since_it_came_to_a_category_or_a_resolution(went: list[Went], done: int | None, why: str) -> None:
    assert followed(*went).done_at == (None if done is None else BEGAN + done * HOUR), why


def test_a_new_workflow_completes_nothing_and_reopens_nothing() -> None:
    moved = [("Done", "Done"), ("Closed", None)]
    assert followed(*moved, workflow=1).done_at == BEGAN
    back = [("Done", "Done"), ("To Do", None)]
    assert followed(*back, workflow=1).done_at == BEGAN
    assert followed(*back).done_at is None


def test_a_category_is_known_by_its_id_for_keys_were_seen_wrong() -> None:
    wrong = {"id": "6", "name": "已完成", "statusCategory": {"id": 3, "key": "new"}}
    assert followed(("Done", None), status=wrong).done_at == BEGAN


def test_what_is_done_without_a_history_is_so_since_its_fields_say() -> None:
    done = issue(status=status("Done"), statuscategorychangedate=stamp(BEGAN + DAY))
    assert course(done, [], KNOWN).done_at == BEGAN + DAY
    done = issue(status=status("Done"), resolutiondate=stamp(BEGAN + 2 * DAY))
    assert course(done, [], KNOWN).done_at == BEGAN + 2 * DAY


def test_a_status_that_was_abolished_counts_as_under_way() -> None:
    gone = [{"id": "1", "created": stamp(BEGAN), "items": [_item("status", "1", "99", "Doing")]}]
    assert course(issue(status=status("In Progress")), gone, KNOWN).accepted_at == BEGAN


def test_usable_is_when_it_first_was_and_not_when_the_ticket_was_closed() -> None:
    found = told(
        ("In Progress", None), ("Delivered", None), ("In Progress", None), ("Delivered", None), ("Done", "Done")
    )
    assert (found["accepted_at"], found["first_usable_at"], found["done_at"]) == (hour(0), hour(1), hour(4))
    assert "first_usable_at" not in told(("Done", "Done"))


def test_time_that_it_lay_with_the_requester_is_told_up_to_when_it_was_usable() -> None:
    there = ("Waiting for customer", None)
    assert told(there, ("In Progress", None), there, ("Delivered", None), there)["waiting_seconds"] == 2 * 3600
    assert told(there)["waiting_seconds"] == 0
    assert "waiting_seconds" not in told()


def test_what_was_dropped_is_cancelled_and_not_done() -> None:
    found = told(("Closed", "Won't Do"))
    assert found["cancelled_at"] == hour(0) and "done_at" not in found
    here = account({"dropped": ["Parked"]})
    parked = issue(("Closed", "Parked"))
    assert "cancelled_at" in issues.from_poll(parked, followed(("Closed", "Parked")), here, "").values


def test_a_request_is_complex_where_a_label_says_so() -> None:
    here = account({"complex_labels": ["epic"]})
    for labels, expected in ((["epic", "x"], "complex"), ([], "standard")):
        found = issue(labels=labels)
        assert issues.from_poll(found, course(found, [], KNOWN), here, "").values["class"] == expected


def test_an_incident_is_restored_since_it_was_last_reopened() -> None:
    found = told(("Delivered", None), ("Done", "Done"), ("In Progress", False), ("Delivered", None), kind=INCIDENT)
    assert (found["status"], found["restored_at"]) == ("acknowledged", hour(3))
    assert "resolved_at" not in found
    closed = told(("In Progress", None), ("Done", "Done"), kind=INCIDENT)
    assert closed["restored_at"] == closed["resolved_at"] == hour(1)


def test_a_duplicate_names_what_it_is_one_of_and_what_was_none_is_a_false_positive() -> None:
    links = [
        {"type": {"name": "Blocks"}, "outwardIssue": {"key": "OPS-5"}},
        {"type": {"name": "Duplicate"}, "inwardIssue": {"key": "OPS-6"}},
        {"type": {"name": "Duplicate"}, "outwardIssue": {"key": "OPS-7"}},
    ]
    duplicate = told(("Closed", "Duplicate"), kind=INCIDENT, issuelinks=links)
    assert duplicate["duplicate_of"] == "OPS-7" and "false_positive" not in duplicate
    assert told(("Closed", "Declined"), kind=INCIDENT)["false_positive"] is True


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ({}, "Operations"),
        ({"components": [{"name": "ranker"}, {"name": "search"}]}, "ranker"),
        ({"components": []}, "Operations"),
        ({"customfield_10042": {"value": "search"}}, "search"),
        ({"customfield_10042": [{"label": "search"}], "components": [{"name": "ranker"}]}, "search"),
        ({"customfield_10042": "search"}, "search"),
        ({"customfield_10042": None}, "Operations"),
    ],
)
def test_an_incident_is_about_its_component_or_what_a_field_says_else_its_project(
    said: dict[str, Any], service: str
) -> None:
    here = account({"service_field": "customfield_10042" if "customfield_10042" in said else "components"})
    found = issue(kind=INCIDENT, **said)
    assert issues.from_poll(found, course(found, [], KNOWN), here, "").values["service"] == service


@pytest.mark.parametrize(
    ("priority", "severity"),
    [("Highest", "SEV1"), ("Medium", "SEV3"), ("P2", "SEV2"), ("SEV-5", "SEV4"), ("Urgent", "SEV1"), ("Odd", None)],
)
def test_a_priority_is_a_severity_where_its_name_says_so_or_somebody_did(priority: str, severity: str | None) -> None:
    assert account({"severities": ["Urgent SEV1"]}).severity({"name": priority}) == severity
    assert account({}).severity(None) is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"severities": ["Urgent"]}, "names no priority and its severity"),
        ({"severities": ["Urgent SEV9"]}, "names no priority and its severity"),
        ({"teams": ["OPS"]}, "names no project and its team"),
        ({"zone": "Mars/Olympus"}, "is no time zone"),
    ],
)
def test_a_set_up_that_cannot_be_is_told(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        account(settings)


@given(st.permutations(range(6)))
def test_a_history_is_read_in_order_however_it_is_told(order: list[int]) -> None:
    went = [
        ("In Progress", None),
        ("Done", "Done"),
        ("Closed", None),
        ("To Do", False),
        ("Delivered", None),
        ("Done", "Done"),
    ]
    whole = histories(*went)
    assert course(issue(*went), [whole[place] for place in order], KNOWN) == followed(*went)


@pytest.mark.samples
def test_real_issues_are_done_since_they_first_were() -> None:
    folder = samples() / "jira"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded issues here")
    statuses = json.loads((folder / "statuses_sample.json").read_bytes())
    kinds = {each["id"]: each["statusCategory"] for each in statuses}
    found = {}
    for path in sorted(folder.glob("issue_EE-*.json")):
        real = json.loads(path.read_bytes())
        here = account({"requests": [name_of(real["fields"]["issuetype"])], "usable": ["Resolved", "Closed"]})
        known = course(real, real["changelog"]["histories"], kinds)
        fact = issues.from_poll(real, known, here, "https://acme.atlassian.net")
        assert Parser("requests", "jira", None)(dict(fact.values)).external_id == real["key"]
        found[real["key"]] = known.done_at
    assert {key: at.year if at else None for key, at in found.items()} == {"EE-1": 2020, "EE-5": 2020, "EE-10": 2020}
    assert found["EE-5"] == instant("2020-06-18T12:06:00.814+0800")


@pytest.mark.samples
def test_real_pages_of_a_search_and_of_a_history_are_read() -> None:
    folder = samples() / "jira"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded pages here")
    page = json.loads((folder / "search_issues_inline_changelog.json").read_bytes())
    known = [course(each, each["changelog"]["histories"], {}) for each in page]
    assert [each.done_at for each in known] == [None, None] and len(known[0].moves) == 1
    values = json.loads((folder / "issue_changelog_page.json").read_bytes())["values"]
    closed = course(issue(("Closed", "Done")), values, {"6": CATEGORIES["done"], "10068": CATEGORIES["done"]})
    assert closed.done_at == instant("2021-01-27T14:46:18.086+0800")
