"""Reviews and actions for other systems."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlmodel import Session, col

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.decisions import ActionState
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.practices import actions, review_states
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident
from tests.practices.stories import ANA, BEN, complete, promised, started
from tests.web.api.conftest import Ask
from tests.web.api.test_facts import bearer
from tests.web.api.test_kpis import pages

ACTIONS, REVIEWS = "/api/v1/actions", "/api/v1/reviews"
OVERDUE, LATER = date(2026, 11, 3), date(2026, 11, 20)


@pytest.fixture
def ask(caller: FlaskClient, company: Engine) -> Ask:
    """`ask(path)` with a token that reads what people decided."""
    token = bearer(company, "actions:read", "reviews:read")
    return lambda path, **headers: caller.get(
        path, headers=token | {name.replace("_", "-"): value for name, value in headers.items()}
    )


@pytest.fixture
def decided(company: Engine) -> Engine:
    """Three incidents reviewed, three actions promised."""
    with transaction(company) as session:
        for email in (ANA, BEN):
            people.add(session, email, Role.EDITOR, now())
        first, second, third = latest_incidents(session)
        complete(session, first, "capacity", "missing_alert")
        review_states.approve(session, complete(session, second, "data_quality"), BEN)
        started(session, third)
        promised(session, first, title="Add capacity", due_on=OVERDUE)
        promised(session, second, title="Test the rollback", owner=BEN, priority="low", kind="prevent")
        done = promised(session, third, title="Write the runbook", cause="missing_alert")
        actions.move(session, done, ActionState.DONE, ANA, evidence="https://wiki.example/1")
    return company


def latest_incidents(session: Session) -> list[Incident]:
    return list(session.scalars(select(Incident).order_by(col(Incident.began_at).desc()).limit(3)))


def titles(ask: Ask, query: str = "") -> list[str]:
    answer = ask(f"{ACTIONS}?{query}")
    assert answer.status_code == 200, answer.text
    return [row["title"] for row in answer.json["rows"]]


@pytest.mark.usefixtures("decided")
def test_an_action_says_what_was_promised_where_and_how_it_stands(ask: Ask) -> None:
    (row,) = ask(f"{ACTIONS}?state=overdue").json["rows"]
    assert (row["title"], row["owner"], row["due_on"], row["is_overdue"]) == ("Add capacity", ANA, "2026-11-03", True)
    assert (row["model"], row["incident"]["severity"], row["verdict"]) == ("ranker", "SEV2", None)
    assert ask(f"{ACTIONS}/{row['id']}").json == row


@pytest.mark.usefixtures("decided")
def test_one_that_is_done_carries_the_verdict_and_what_it_rests_on(ask: Ask) -> None:
    (row,) = ask(f"{ACTIONS}?state=done").json["rows"]
    assert row["evidence"] == "https://wiki.example/1" and row["done_at"].startswith("2026-11-04T09:00")
    assert (row["verdict"]["effect"], row["verdict"]["exposure_in"]) == ("watching", "days")


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Write the runbook", "Test the rollback", "Add capacity"]),
        ("state=owed", ["Test the rollback", "Add capacity"]),
        (f"owner={BEN}", ["Test the rollback"]),
        ("priority=low&type=prevent", ["Test the rollback"]),
        ("model=ranker&state=open", ["Test the rollback", "Add capacity"]),
        ("model=fraud", []),
        ("owner=nobody@example.com", []),
    ],
)
def test_actions_are_those_that_were_asked_for(ask: Ask, query: str, expected: list[str]) -> None:
    assert titles(ask, query) == expected


@pytest.mark.usefixtures("decided")
def test_actions_and_reviews_of_one_incident(ask: Ask) -> None:
    number = ask(f"{ACTIONS}?state=overdue").json["rows"][0]["incident"]["id"]
    assert titles(ask, f"incident={number}") == ["Add capacity"]
    (review,) = ask(f"{REVIEWS}?incident={number}").json["rows"]
    assert review["incident"]["id"] == number


@pytest.mark.usefixtures("decided")
def test_a_review_says_where_it_stands_and_what_contributed(ask: Ask) -> None:
    draft, approved, handed_in = ask(REVIEWS).json["rows"]
    assert [each["state"] for each in (draft, approved, handed_in)] == ["draft", "approved", "in_review"]
    assert [each["factor"] for each in handed_in["factors"]] == ["capacity", "missing_alert"]
    assert (approved["approved_by"], approved["author"], handed_in["approved_by"]) == (BEN, ANA, None)
    waiting = ask(f"{REVIEWS}?state=waiting&model=ranker").json["rows"]
    assert [each["id"] for each in waiting] == [draft["id"], handed_in["id"]]


@pytest.mark.usefixtures("decided")
def test_one_review_comes_with_its_text_its_timeline_and_its_versions(ask: Ask) -> None:
    (row,) = ask(f"{REVIEWS}?state=approved").json["rows"]
    found = ask(f"{REVIEWS}/{row['id']}").json
    assert found["review"] == row
    assert {part["key"]: part["text"] for part in found["parts"]}["summary"] == "Answers were late."
    (version,) = found["versions"]
    assert version["number"] == 1 and len(version["content_hash"]) == 64
    assert found["timeline"] == sorted(found["timeline"], key=lambda line: line["at"]) != []


def many(company: Engine, count: int) -> None:
    with transaction(company) as session:
        for number in range(count):
            promised(session, title=f"Test case {number}", due_on=LATER)


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("path", [f"{ACTIONS}?", f"{REVIEWS}?", f"{ACTIONS}?state=owed&"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_pages_are_the_list(ask: Ask, path: str, limit: int) -> None:
    paged = list(pages(ask, f"{path}limit={limit}"))
    assert [row for each in paged for row in each["rows"]] == ask(path).json["rows"]
    assert all(0 < len(each["rows"]) <= limit for each in paged)


def test_what_is_promised_meanwhile_hides_and_repeats_nothing(ask: Ask, decided: Engine) -> None:
    before, seen = titles(ask), []
    for number, page in enumerate(pages(ask, f"{ACTIONS}?limit=1")):
        seen += [row["title"] for row in page["rows"]]
        many(decided, number)
    assert seen == before


@pytest.mark.usefixtures("decided")
def test_a_cursor_of_one_list_does_not_fit_another(ask: Ask) -> None:
    cursor = ask(f"{ACTIONS}?limit=1").json["next"].split("cursor=")[1]
    assert ask(f"{ACTIONS}?limit=2&cursor={cursor}").status_code == 200
    for other in (f"{ACTIONS}?state=owed&", f"{ACTIONS}?owner={ANA}&", f"{REVIEWS}?"):
        answer = ask(f"{other}cursor={cursor}")
        assert answer.status_code == 400 and "belongs to another list" in answer.json["detail"]


def test_an_answer_is_sent_again_once_it_changed(ask: Ask, decided: Engine) -> None:
    paths = (ACTIONS, f"{ACTIONS}/1", REVIEWS, f"{REVIEWS}/1")
    tags = {path: ask(path).headers["ETag"] for path in paths}
    assert {ask(path, If_None_Match=tag).status_code for path, tag in tags.items()} == {304}
    with transaction(decided) as session:
        actions.drop(session, session.get_one(Action, 1), BEN, "Retired")
    statuses = [ask(path, If_None_Match=tag).status_code for path, tag in tags.items()]
    assert statuses == [200, 200, 304, 304]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        (f"{ACTIONS}/99", 404, "There is no action 99."),
        (f"{REVIEWS}/99", 404, "There is no review 99."),
        (f"{ACTIONS}/first", 404, "There is no action 'first'."),
        (f"{REVIEWS}/0", 404, "There is no review '0'."),
        (f"{ACTIONS}/{10**30}", 404, "There is no action"),
        (f"{ACTIONS}?model=rankr", 404, "There is no model 'rankr'."),
        (f"{REVIEWS}?model=rankr", 404, "There is no model 'rankr'."),
        (f"{ACTIONS}?state=late", 400, "state='late' makes no sense"),
        (f"{REVIEWS}?state=overdue", 400, "state='overdue' makes no sense"),
        (f"{ACTIONS}?limit=0", 400, "limit='0' makes no sense"),
        (f"{ACTIONS}?ownr=ana", 400, "There is no parameter 'ownr'"),
        (f"{REVIEWS}?cursor=x", 400, "The cursor is damaged"),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_by_a_problem(ask: Ask, path: str, status: int, says: str) -> None:
    answer = ask(path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert says in answer.json["detail"]


@pytest.mark.parametrize(("path", "scope"), [(ACTIONS, "actions:read"), (REVIEWS, "reviews:read")])
def test_each_needs_its_own_scope(caller: FlaskClient, company: Engine, path: str, scope: str) -> None:
    assert caller.get(path).status_code == 401
    others = {"actions:read", "reviews:read", "kpis:read"} - {scope}
    assert caller.get(path, headers=bearer(company, *others)).status_code == 403
    assert caller.get(path, headers=bearer(company, scope)).status_code == 200


@pytest.mark.parametrize("path", [ACTIONS, REVIEWS])
def test_a_list_takes_as_many_statements_for_one_as_for_many(ask: Ask, decided: Engine, path: str) -> None:
    seen: list[str] = []
    event.listen(decided, "before_cursor_execute", lambda *told: seen.append(told[2]))
    ask(path)
    seen.clear()
    ask(f"{path}?limit=1")
    few = len(seen)
    ask(f"{path}?limit=50")
    assert len(seen) == 2 * few
