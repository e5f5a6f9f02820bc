"""`/ops`, the shortcut and shared links, from Slack's request to what the console keeps and says."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, select
from sqlmodel import Session

from integrations.slack import commands
from ops_console import factory
from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.chat import desk
from ops_console.chat.answering import answer_waiting
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.practices import reviews
from ops_console.practices.review_timeline import change_line, lines, remove_line
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.chat import ChatCall, IncidentMessage
from ops_console.records.incidents import Incident
from ops_console.records.workspace import Workspace as Home
from ops_console.web import background
from ops_console.web.console import EXTENSION
from tests.integrations.slack.asking import Slack, member
from tests.practices.stories import ANA, BEN, HOUR, TODAY, promised
from tests.web.conftest import over, sign_in
from tests.web.pages.builders import Workspace

VIEWER = "vic@example.com"
USERS = {"U1": ANA, "U2": BEN, "U3": VIEWER, "U4": "nobody@example.com"}
Send = Callable[..., int]
PARTS = Parts(commands={"slack": commands})


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def slack(httpserver: HTTPServer) -> Slack:
    return Slack(httpserver, users={name: member(email) for name, email in USERS.items()}).open()


@pytest.fixture
def incident(sqlite: Engine) -> int:
    """A workspace with three people, a model and an incident that goes on."""
    with transaction(sqlite) as session:
        session.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
        for email, role in ((ANA, Role.EDITOR), (BEN, Role.EDITOR), (VIEWER, Role.VIEWER)):
            people.add(session, email, role, now())
        rows = Workspace(session)
        return audit.number(rows.incident(rows.model(), TODAY - HOUR, restored_at=None, title="Answers <slow>"))


@pytest.fixture
def office(sqlite: Engine, slack: Slack) -> Office:
    return Office(sqlite, PARTS, slack.settings())


@pytest.fixture(scope="module")
def chat_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    nowhere = f"sqlite:///{tmp_path_factory.mktemp('chat') / 'none.db'}"
    return factory.create_app(PARTS, database_url=nowhere)


@pytest.fixture
def app(
    chat_app: Flask, sqlite: Engine, office: Office, incident: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    monkeypatch.setattr(background, "start", partial(background.start, patience=30))
    with over(chat_app, sqlite):
        chat_app.extensions[EXTENSION].settings = office.settings
        yield chat_app


@pytest.fixture
def send(app: Flask) -> Send:
    visitor: FlaskClient = app.test_client()

    def post(request: tuple[bytes, dict[str, str]], **headers: str) -> int:
        body, named = request
        answer = visitor.post("/chat/slack", data=body, headers=named | headers)
        assert answer.status_code != 200 or answer.get_data() == b""  # anything else Slack would show or refuse
        return answer.status_code

    return post


def kept(engine: Engine, table: Any) -> list[Any]:
    with reading(engine) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def said_on(session: Session, incident_id: int) -> list[str]:
    return [line.text for line in lines(session, audit.number(reviews.get(session, incident_id)))]


def test_an_incident_opens_in_one_line_and_is_answered_with_its_link(send: Send, slack: Slack, sqlite: Engine) -> None:
    assert send(slack.command("incident ranker sev2 Answers are wrong")) == 200
    found = kept(sqlite, Incident)[-1]
    assert (found.title, found.severity, found.source, found.detected_at) == (
        "Answers are wrong",
        "SEV2",
        "manual",
        TODAY,
    )
    assert slack.said == [f"<https://console.example/incidents/{found.id}|Opened: SEV2 ranker, Answers are wrong>"]


def test_an_incident_opens_by_a_form(send: Send, slack: Slack, sqlite: Engine) -> None:
    send(slack.command("incident Answers are wrong"))
    assert slack.views[-1]["blocks"][0]["element"]["initial_value"] == "Answers are wrong"
    send(slack.submission(model="ranker", severity="SEV1"))
    assert [(each.title, each.severity) for each in kept(sqlite, Incident)][1:] == [("Answers are wrong", "SEV1")]
    assert "Opened: SEV1" in slack.said[-1]


def test_a_form_sent_twice_opens_one_incident(send: Send, slack: Slack, sqlite: Engine) -> None:
    send(slack.command("incident"))
    for _ in range(2):
        assert send(slack.submission(title="Down", model="ranker", severity="SEV1")) == 200
    assert len(kept(sqlite, Incident)) == 2 and len(slack.said) == 1


def test_a_model_nobody_registered_is_said_and_what_was_written_comes_back(
    send: Send, slack: Slack, sqlite: Engine
) -> None:
    send(slack.command("incident"))
    send(slack.submission(title="Down since nine", model="rankr", severity="SEV1"))
    said = slack.said[-1]
    assert "No model or service is called 'rankr'. See Models" in said and said.count("See Models in the console.") == 1
    assert "Title: Down since nine" in said
    assert len(kept(sqlite, Incident)) == 1


def test_ones_own_actions_are_listed_with_their_links(send: Send, slack: Slack, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        promised(session, title="Add an alert"), promised(session, owner=BEN, title="Test the rollback")
    send(slack.command("action"))
    (said,) = slack.said
    assert said.startswith("<https://console.example/actions/1|1 Add an alert, due") and "rollback" not in said


def test_who_owes_nothing_is_told_so(send: Send, slack: Slack) -> None:
    send(slack.command("action mine", user="U3"))
    assert slack.said == ["<https://console.example/actions|You owe no action.>"]


def test_an_action_is_promised_by_a_form(send: Send, slack: Slack, sqlite: Engine, incident: int) -> None:
    send(slack.command("action add Add an alert on feature age"))
    send(slack.submission(done_when="It fires", owner=BEN, incident=f"https://console.example/incidents/{incident}"))
    (found,) = kept(sqlite, Action)
    assert (found.title, found.owner, found.made_by, found.incident_id) == (
        "Add an alert on feature age",
        BEN,
        ANA,
        incident,
    )
    assert f"/actions/{found.id}|Promised:" in slack.said[-1]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"title": "Alerts"}, "Begin with a verb"),
        ({"owner": "x@y"}, "Choose a person"),
        ({"incident": "99"}, "no incident 99"),
        ({"incident": "the big one"}, "is no incident"),
    ],
)
def test_a_promise_that_cannot_be_is_said_and_nothing_is_kept(
    send: Send, slack: Slack, sqlite: Engine, wrong: dict[str, str], why: str
) -> None:
    send(slack.command("action add Add an alert"))
    send(slack.submission(**{"done_when": "It fires in a drill"} | wrong))
    assert why in slack.said[-1] and "Done when: It fires in a drill" in slack.said[-1]
    assert kept(sqlite, Action) == []


def test_an_action_is_done_with_its_proof(send: Send, slack: Slack, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        promised(session)
    send(slack.command("action done 1 https://ci.example/7"))
    (found,) = kept(sqlite, Action)
    assert (found.state, found.evidence, found.done_at) == ("done", "https://ci.example/7", TODAY)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("action done 1", "what proves"),
        ("action done 77 x", "no action 77"),
        ("action dance", "Write mine, add or done"),
        ("", "/ops incident:"),
        ("help", "/ops incident:"),
    ],
)
def test_what_cannot_be_done_is_answered_with_what_can(send: Send, slack: Slack, words: str, answer: str) -> None:
    assert send(slack.command(words)) == 200
    assert answer in slack.said[-1]


def test_a_message_lands_on_the_timeline_with_its_link_once(
    send: Send, slack: Slack, sqlite: Engine, incident: int
) -> None:
    for trigger in ("t1", "t2"):
        send(slack.shortcut(trigger=trigger))
        send(slack.submission(incident=str(incident)))
    (found,) = kept(sqlite, IncidentMessage)
    assert (found.text, found.made_by) == ("See the graph & weep", ANA)
    assert found.link.startswith("https://team.slack.example/archives/")
    assert "already" in slack.said[-1] and f"/incidents/{incident}#messages|" in slack.said[-1]


def test_a_review_shows_it_at_once_or_when_it_begins_and_keeps_what_people_changed(
    send: Send, slack: Slack, sqlite: Engine, incident: int
) -> None:
    send(slack.shortcut())
    send(slack.submission(incident=str(incident)))
    with transaction(sqlite) as session:
        review = reviews.start(session, incident, ANA)
        line = next(each for each in lines(session, audit.number(review)) if each.source == "slack")
        change_line(session, review, line.id or 0, line.revision, line.at, "The graph showed it", BEN)
    send(slack.shortcut(trigger="t2", ts="1793782860.000100", text="Rolled back"))
    send(slack.submission(incident=str(incident)))
    with transaction(sqlite) as session:
        assert {"The graph showed it", "Rolled back"} <= set(said_on(session, incident))
        review = reviews.get(session, incident)
        gone = next(each for each in lines(session, audit.number(review)) if each.text == "Rolled back")
        remove_line(session, review, gone.id or 0, BEN)
        reviews.refill(session, review)
        assert "Rolled back" not in said_on(session, incident)


def test_links_of_this_console_unfold(send: Send, slack: Slack, sqlite: Engine, incident: int) -> None:
    with transaction(sqlite) as session:
        promised(session)
        reviews.start(session, incident, ANA)
    home = "https://console.example"
    paths = (f"/incidents/{incident}", f"/incidents/{incident}/review", "/actions/1", "/kpis/mttr?grain=week")
    send(slack.shared(*(home + path for path in paths)))
    (shown,) = slack.unfurls
    assert set(shown["unfurls"]) == {home + path for path in paths}
    assert "Answers &lt;slow&gt;" in str(shown["unfurls"][f"{home}/incidents/{incident}"])


def test_an_incident_that_broke_again_unfolds_as_broken(
    send: Send, slack: Slack, sqlite: Engine, incident: int
) -> None:
    with transaction(sqlite) as session:
        broken = session.get_one(Incident, incident)
        broken.restored_at, broken.reopened_at = TODAY - HOUR / 2, TODAY - HOUR / 4
    link = f"https://console.example/incidents/{incident}"
    send(slack.shared(link))
    card = str(slack.unfurls[0]["unfurls"][link])
    assert "broken again since 4 Nov 2026 08:45 GMT" in card and "restored" not in card


@pytest.mark.parametrize("user", ["U4", "U9"])
def test_for_people_without_access_nothing_unfolds_and_nothing_is_done(
    send: Send, slack: Slack, sqlite: Engine, incident: int, user: str
) -> None:
    send(slack.shared(f"https://console.example/incidents/{incident}", user=user))
    send(slack.command("incident ranker SEV1 Down", user=user))
    assert slack.unfurls == [] and len(kept(sqlite, Incident)) == 1


def test_a_stranger_is_told_that_he_is_one_and_nothing_else(send: Send, slack: Slack) -> None:
    send(slack.command("action", user="U4"))
    assert len(slack.said) == 1 and "belongs to nobody" in slack.said[0]


def test_an_account_that_was_disabled_is_a_stranger(send: Send, slack: Slack, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        people.disable(session, people.get(session, ANA), now())
    send(slack.command("action"))
    assert "belongs to nobody" in slack.said[0]


@pytest.mark.parametrize("link", ["http://console.example", "https://console.example.evil.example", "https://other"])
def test_other_addresses_and_pages_without_a_card_stay_folded(
    send: Send, slack: Slack, incident: int, link: str
) -> None:
    send(slack.shared(f"{link}/incidents/{incident}", "https://console.example/incidents/999"))
    assert slack.unfurls == []


@pytest.mark.parametrize("words", ["incident ranker SEV1 Down", "action add Add an alert", "action done 1 x"])
def test_a_viewer_changes_nothing(send: Send, slack: Slack, sqlite: Engine, words: str) -> None:
    send(slack.command(words, user="U3"))
    assert "may look and not change" in slack.said[0]
    assert len(kept(sqlite, Incident)) == 1 and slack.views == []


def test_a_repetition_is_answered_with_success_and_done_once(send: Send, slack: Slack, incident: int) -> None:
    shared = slack.shared(f"https://console.example/incidents/{incident}")
    assert [send(shared), send(shared, **{"X-Slack-Retry-Num": "1"})] == [200, 200]
    assert len(slack.unfurls) == 1


def test_a_repetition_whose_first_was_lost_is_done(send: Send, slack: Slack, incident: int) -> None:
    send(slack.shared(f"https://console.example/incidents/{incident}"), **{"X-Slack-Retry-Num": "1"})
    assert len(slack.unfurls) == 1


def test_a_forged_request_is_refused_and_kept_nowhere(send: Send, slack: Slack, sqlite: Engine) -> None:
    body, headers = slack.command("incident ranker SEV1 Down")
    assert send((body, headers | {"X-Slack-Signature": "v0=00"})) == 401
    assert kept(sqlite, ChatCall) == []


def test_without_a_signing_secret_there_is_no_such_address(app: Flask, send: Send, slack: Slack) -> None:
    app.extensions[EXTENSION].settings = slack.settings(slack_signing_secret="")
    assert send(slack.command("action")) == 404


def test_what_was_asked_is_forgotten_once_it_is_answered(send: Send, slack: Slack, sqlite: Engine) -> None:
    send(slack.command("action"))
    assert [(row.state, row.asked, row.outcome) for row in kept(sqlite, ChatCall)] == [("answered", None, None)]


def test_an_answer_that_got_lost_is_said_later_and_nothing_is_done_twice(
    send: Send, slack: Slack, sqlite: Engine, office: Office, clock: time_machine.Traveller
) -> None:
    slack.answers["respond"] = [503]
    send(slack.command("incident ranker SEV1 Down"))
    assert slack.said == [] and len(kept(sqlite, Incident)) == 2
    assert answer_waiting(office) == 0
    clock.shift(desk.STUCK)
    assert answer_waiting(office) == 1
    assert len(slack.said) == 1 and len(kept(sqlite, Incident)) == 2


def test_slack_that_stays_away_is_given_up_after_half_an_hour(
    send: Send, slack: Slack, sqlite: Engine, office: Office, clock: time_machine.Traveller
) -> None:
    slack.answers["users.info"] = ["internal_error"] * 2
    send(slack.command("action"))
    clock.shift(HOUR)
    answer_waiting(office)
    assert [row.state for row in kept(sqlite, ChatCall)] == ["failed"]


def test_a_form_that_cannot_be_opened_in_time_is_said(send: Send, slack: Slack) -> None:
    request = slack.command("incident")
    slack.triggers.clear()
    send(request)
    assert "Ask once more." in slack.said[0]


def test_old_calls_are_forgotten(send: Send, slack: Slack, sqlite: Engine) -> None:
    send(slack.command("action"))
    with transaction(sqlite) as session:
        desk.tidy(session, now() + HOUR)
    assert kept(sqlite, ChatCall) == []


def test_the_page_of_the_incident_shows_the_message(
    app: Flask, send: Send, slack: Slack, sqlite: Engine, incident: int
) -> None:
    send(slack.shortcut())
    send(slack.submission(incident=str(incident)))
    page = sign_in(app.test_client(), sqlite).get(f"/incidents/{incident}").get_data(as_text=True)
    assert "See the graph &amp; weep</a> (slack)" in page
