"""`/audit`: who decided what, when, and how was it before?"""

import csv
import io
import json
from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col

from ops_console.accounts.roles import Role
from ops_console.core.db import reading, transaction
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.records import audit
from ops_console.records.audit import AuditEntry, Decision
from tests.web.conftest import sign_in
from tests.web.pages.builders import HOUR, NOON
from tests.web.pages.conftest import page, send

ANA, BEN = "ana@example.com", "ben@example.com"


@pytest.fixture
def manager(app, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.MANAGER)


@pytest.fixture
def decide(sqlite: Engine) -> Callable[..., None]:
    def decided(did: str = "moved", subject: str = "action", number: int = 1, by: str = ANA, **more: object) -> None:
        said = {"before": {"due_on": "2026-11-20"}, "after": {"due_on": "2026-12-01"}, "reason": "The vendor is late"}
        with transaction(sqlite) as session:
            audit.record(session, Decision(did, subject, number, by, **said | more))  # type: ignore[arg-type]

    return decided


def entries(session: Session) -> list[AuditEntry]:
    return audit.history(session, "incident", range(1, 100))


def test_the_first_entry_is_of_the_account_that_reads_it(admin: FlaskClient) -> None:
    text = page(admin, "/audit")
    assert "<td>account made</td>" in text and "command line" in text and "1–1 of 1 entries" in text
    assert '<span class="muted">role:</span> admin' in text


def test_before_the_first_decision_the_page_says_what_will_stand_there(admin: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        session.execute(delete(AuditEntry))
    assert "Nothing has been decided yet." in page(admin, "/audit")
    assert "There is nothing to check yet." in page(admin, "/audit?check=all")


def test_an_entry_says_who_what_when_before_after_and_why(manager: FlaskClient, decide) -> None:
    decide()
    text = page(manager, "/audit")
    assert ANA in text and "4 Nov 2026 09:00" in text and '<a href="/actions/1">action 1</a>' in text
    assert '<span class="muted">due on:</span> 20 Nov 2026 → 1 Dec 2026' in text and "The vendor is late" in text


def test_what_begins_and_what_ends_is_told_without_a_gap(manager: FlaskClient, decide) -> None:
    decide("promised", before=None, after={"title": "Add an alert", "owner": None, "done": False})
    decide("discarded", "review", before={"state": "draft", "made_at": "2026-10-14T12:00:00Z"}, after=None)
    text = page(manager, "/audit")
    assert '<span class="muted">title:</span> Add an alert' in text and '<span class="muted">done:</span> no' in text
    assert "owner:" not in text
    assert "<del>draft</del>" in text and "<del>14 Oct 2026 12:00" in text


def test_a_long_entry_shows_four_values_and_opens_for_the_rest(manager: FlaskClient, decide) -> None:
    decide("promised", before=None, after={f"field_{number}": number for number in range(9)})
    shown, _, rest = page(manager, "/audit").partition("<summary>5 more</summary>")
    assert "field 3:" in shown and "field 4:" not in shown and "field 8:" in rest


@pytest.mark.parametrize("path", ["/audit", "/audit.csv"])
def test_managers_see_the_trail_and_others_do_not(editor: FlaskClient, viewer: FlaskClient, decide, path: str) -> None:
    decide()
    assert editor.get(path).status_code == viewer.get(path).status_code == 403


def test_only_those_who_may_see_it_are_led_to_it(manager: FlaskClient, editor: FlaskClient) -> None:
    assert 'href="/audit"' in page(manager, "/data-health")
    assert 'href="/audit"' not in page(editor, "/data-health")


def test_a_person_reads_yes_and_no_and_a_runbook_leads_to_its_page(manager: FlaskClient, sqlite: Engine) -> None:
    said = Decision("tested", "runbook", 1, ANA, after={"worked": False, "on": "2026-11-02"})
    with transaction(sqlite) as session:
        audit.record(session, said)
    text = page(manager, "/audit")
    assert "worked:</span> no<" in text and 'href="/runbooks"' in text
    assert "ana@<wbr>example.com" in text


def test_the_newest_stands_first(manager: FlaskClient, decide) -> None:
    decide("promised")
    decide("dropped")
    text = page(manager, "/audit")
    assert text.index("<td>dropped</td>") < text.index("<td>promised</td>")


def test_a_person_a_kind_and_a_time_narrow_it(manager: FlaskClient, decide) -> None:
    with time_machine.travel("2026-09-10T10:00:00+00:00"):
        decide("closed", "review", by=BEN)
    decide("dropped", by=BEN)
    decide("promised")

    def shown(query: str) -> set[str]:
        text = page(manager, f"/audit?{query}")
        return {did for did in ("closed", "dropped", "promised") if f"<td>{did}</td>" in text}

    assert shown("period=all") == {"closed", "dropped", "promised"}
    assert shown(f"by={BEN}") == {"closed", "dropped"}
    assert shown("kind=review") == {"closed"}
    assert shown("period=2026-09") == {"closed"}
    assert shown(f"by={BEN}&kind=action&period=2026-11") == {"dropped"}
    nothing = page(manager, f"/audit?by={BEN}&period=2026-10")
    assert "Nothing was decided: " in nothing and "Person: ben@example.com" in nothing
    assert page(manager, "/audit?by=nobody@example.com", 400)


def test_many_entries_come_in_pages(manager: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        audit.record(session, *(Decision("moved", "action", number, ANA) for number in range(1, 61)))
    assert "action 60" in page(manager, "/audit") and "1–50 of 61 entries" in page(manager, "/audit")
    assert "action 10<" in page(manager, "/audit?page=2") and "action 60" not in page(manager, "/audit?page=2")


def test_the_page_takes_as_many_statements_for_one_as_for_many(manager: FlaskClient, decide, statements) -> None:
    decide(subject="review")
    page(manager, "/audit")
    with statements() as few:
        page(manager, "/audit")
    for number in range(5):
        decide(subject="review", number=number)
    with statements() as many:
        page(manager, "/audit")
    assert len(few) == len(many)


def test_the_whole_trail_is_a_file_with_the_seals(manager: FlaskClient, decide) -> None:
    decide(reason='=HYPERLINK("x")')
    decide("dropped")
    rows = list(csv.DictReader(io.StringIO(manager.get("/audit.csv?period=all").text.lstrip("\ufeff"))))
    assert [(row["entry"], row["did"]) for row in rows] == [("3", "dropped"), ("2", "moved"), ("1", "account made")]
    assert json.loads(rows[1]["before"]) == {"due_on": "2026-11-20"} and len(rows[0]["seal"]) == 64
    assert not rows[1]["reason"].startswith("=")


def test_a_trail_that_holds_is_said_to_hold(manager: FlaskClient, decide) -> None:
    decide()
    assert "All 2 entries follow from the one before" in page(manager, "/audit?check=all")
    decide()
    assert "The trail holds." in page(manager, "/audit?check=all")
    assert "The trail holds." not in page(manager, "/audit")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (update(AuditEntry).where(col(AuditEntry.id) == 2).values(by="nobody"), 2),
        (delete(AuditEntry).where(col(AuditEntry.id) == 2), 3),
    ],
)
def test_a_trail_that_was_tampered_with_is_said_to_break_and_where(
    manager: FlaskClient, decide, sqlite: Engine, harm, found: int
) -> None:
    for _ in range(3):
        decide()
    with transaction(sqlite) as session:
        session.execute(harm)
    assert f"The trail breaks at entry {found}:" in page(manager, "/audit?check=all")


def test_markup_in_what_was_said_stays_text(manager: FlaskClient, decide) -> None:
    decide(after={"title": "<script>x"}, reason="<b>bold")
    text = page(manager, "/audit")
    assert "<script>x" not in text and "<b>bold" not in text


@pytest.fixture
def incident(world) -> tuple[str, int]:
    """Its page, and the release that may have caused it."""
    with world() as rows:
        ranker = rows.model()
        release, number = rows.release(ranker, "4.12", NOON - HOUR).id, rows.incident(ranker).id
    return f"/incidents/{number}", release


def test_a_release_confirmed_ruled_out_and_left_open_leaves_an_entry_each(
    editor: FlaskClient, manager: FlaskClient, sqlite: Engine, incident: tuple[str, int]
) -> None:
    here, release = incident
    send(editor, here, f"{here}/link", release=release, **{"link-reason": "The log says so"})
    send(editor, here, f"{here}/link", release="none", **{"link-reason": "It was the network"})
    send(editor, here, f"{here}/unlink")
    with reading(sqlite) as session:
        withdrawn, rejected, confirmed = entries(session)
    assert [each.did for each in (confirmed, rejected, withdrawn)] == [
        "release link confirmed",
        "release link rejected",
        "release link withdrawn",
    ]
    assert {each.by for each in (confirmed, rejected, withdrawn)} == {"editor@example.com"}
    assert confirmed.before == {} and confirmed.reason == "The log says so"
    expected = {"release": release, "version": "4.12", "method": "person", "confirmed": True}
    assert confirmed.after == rejected.before == expected
    assert rejected.after is not None and rejected.after["release"] is None
    assert withdrawn.after is not None and withdrawn.after["method"] != "person"
    assert f'<a href="{here}">incident' in page(manager, "/audit?kind=incident")


def test_a_correction_and_its_withdrawal_stand_with_what_was_before(editor: FlaskClient, sqlite: Engine) -> None:
    row = {
        "external_id": "INC-1",
        "title": "Slow",
        "model": "ranker",
        "severity": "SEV3",
        "detected_at": NOON.isoformat(),
    }
    import_rows(sqlite, [row], Delivery(kind="incidents", source="pager", covers_until=NOON))
    fields = {"severity": "SEV1", "detected_at": "2026-10-14T13:30", "reason": "Many were hurt"}
    assert send(editor, "/incidents/1", "/incidents/1/correct", **fields)[0] == 303
    assert send(editor, "/incidents/1", "/incidents/1/undo", field="severity")[0] == 303
    with reading(sqlite) as session:
        withdrawn, corrected = entries(session)
    assert (corrected.did, corrected.by, corrected.reason) == ("fact corrected", "editor@example.com", "Many were hurt")
    noon = "2026-10-14T12:00:00Z"
    assert corrected.before == {"severity": "SEV3", "detected_at": noon, "began_at": noon}
    assert corrected.after is not None and corrected.after["severity"] == "SEV1"
    assert (withdrawn.did, withdrawn.before, withdrawn.after) == (
        "correction withdrawn",
        {"severity": "SEV1"},
        {"severity": "SEV3"},
    )


def test_what_was_refused_leaves_no_entry(editor: FlaskClient, sqlite: Engine, incident: tuple[str, int]) -> None:
    here, _ = incident
    assert send(editor, here, f"{here}/link", release="none", **{"link-reason": ""})[0] == 422
    assert send(editor, here, f"{here}/correct", severity="SEV1", reason="")[0] == 422
    assert send(editor, here, f"{here}/undo", field="severity")[0] == 404
    with reading(sqlite) as session:
        assert entries(session) == []
