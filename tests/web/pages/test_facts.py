"""`/facts`: what no system tells, a person can, in a form for each kind of fact."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.accounts.roles import Role
from ops_console.contracts import kind_words
from ops_console.contracts.facts import KINDS
from ops_console.core.db import reading, transaction
from ops_console.ingest import manual
from ops_console.records.imports import Import
from ops_console.records.incidents import Incident
from ops_console.records.manual import ManualFact
from ops_console.records.scorecard import ScorecardPoint
from ops_console.web.fact_form import PREFIX, Control, fields, typed
from ops_console.web.fact_tables import kinds
from tests.ingest.deliveries import deliver, fact
from tests.web.conftest import csrf, sign_in
from tests.web.pages.conftest import page, send

EVERY = pytest.mark.parametrize("kind", KINDS)
INCIDENT = {
    "model": "ranker",
    "title": "Slow <b>",
    "detected_at": "2026-10-05T09:00",
    "restored_at": "2026-10-05T09:30",
}
ZONE = ZoneInfo("UTC")


@pytest.fixture
def manager(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.MANAGER)


def smallest(kind: str) -> dict[str, str]:
    """What a person would type for the smallest fact of a kind."""
    example = next(each for each in kinds() if each.kind == kind)
    said = {name: value for name, value in json.loads(example.api)[0].items() if name != "external_id"}
    given = typed(kind, said, ZONE)
    return {name.removeprefix(PREFIX): text for name, text in given.items()}


def submit(browser: FlaskClient, address: str, *, reason: str = "", **typed_in: str) -> tuple[int, str]:
    """Fill in the form at an address and send it: status, and where it leads or what it says."""
    text = page(browser, address)
    made = re.search(r'name="id" value="(.*?)"', text)
    given = {PREFIX + name: words for name, words in typed_in.items()} | {"reason": reason}
    answer = browser.post(address, data={"csrf_token": csrf(text), **given} | ({"id": made[1]} if made else {}))
    return answer.status_code, answer.headers.get("Location", answer.text)


def enter(browser: FlaskClient, kind: str = "incidents", /, **typed_in: str) -> str:
    """Enter a fact; the address under which it can be changed."""
    status, address = submit(browser, f"/facts/{kind}/new", **(typed_in or INCIDENT))
    assert status == 303, address
    return address.partition("?")[0]


def standing(engine: Engine) -> ManualFact:
    with reading(engine) as session:
        return session.scalars(select(ManualFact).order_by(ManualFact.id.desc())).all()[0]  # type: ignore[union-attr]


class TestEveryKind:
    @EVERY
    def test_the_form_has_a_field_for_each_value_with_its_hint(self, editor: FlaskClient, kind: str) -> None:
        text = page(editor, f"/facts/{kind}/new")
        for each in (field for part in fields(kind, {}, ZONE) for field in part):
            assert f'id="{each.id}"' in text and f'name="{each.id}"' in text
            assert f'<label for="{each.id}">' in text or each.control is Control.CHOICES
            assert not each.hint or f'id="{each.id}-hint"' in text
        assert len(text.encode()) < 100_000

    @EVERY
    def test_the_smallest_fact_is_saved_listed_shown_again_and_deleted(
        self, editor: FlaskClient, sqlite: Engine, kind: str
    ) -> None:
        if kind == "sli_slices":
            deliver(sqlite, "slos", {"name": "ranker-availability"})
        address = enter(editor, kind, **smallest(kind))
        name = address.rpartition("/")[2]
        assert name in page(editor, f"/facts/{kind}")
        text = page(editor, address)
        for word, value in smallest(kind).items():
            assert value == "" or word.endswith("-which") or f">{value}" in text or f'value="{value}"' in text
        assert "Why it is deleted" in page(editor, f"{address}/delete")
        assert submit(editor, f"{address}/delete", reason="a try") == (303, f"/facts/{kind}")
        assert "Deleted</span>" in page(editor, f"/facts/{kind}")

    @EVERY
    def test_a_form_sent_empty_names_each_gap_keeps_the_page_and_saves_nothing(
        self, editor: FlaskClient, sqlite: Engine, kind: str
    ) -> None:
        status, text = submit(editor, f"/facts/{kind}/new")
        assert status == 422 and "<title>Error: Enter " in text
        summary = text.split('class="error-summary"')[1].split("</div>")[0]
        linked = re.findall(r'href="#(.*?)"', summary)
        assert linked and all(f'id="{each}"' in text and f'id="{each}-error"' in text for each in linked)
        with reading(sqlite) as session:
            assert session.scalars(select(ManualFact)).all() == []

    def test_all_of_them_are_offered(self, editor: FlaskClient, viewer: FlaskClient) -> None:
        text = page(editor, "/facts")
        assert all(f'href="/facts/{kind}/new"' in text for kind in KINDS)
        text = page(viewer, "/facts")
        assert "/new" not in text and all(kind_words.title(kind) in text for kind in KINDS)


def test_a_fact_lands_with_who_entered_it(editor: FlaskClient, sqlite: Engine) -> None:
    address = enter(editor)
    with reading(sqlite) as session:
        landed = session.scalars(select(Incident)).one()
        delivery = session.scalars(select(Import)).one()
    assert (landed.source, landed.external_id) == ("manual", address.rpartition("/")[2])
    assert landed.restored_at == datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
    assert (delivery.origin, delivery.made_by, delivery.new) == ("Form", "editor@example.com", 1)


def test_the_figures_it_touches_are_computed_before_the_next_page(editor: FlaskClient, sqlite: Engine) -> None:
    enter(editor)
    with reading(sqlite) as session:
        points = select(ScorecardPoint).where(
            ScorecardPoint.kpi == "mttr", ScorecardPoint.period == "2026-10", ScorecardPoint.window == "period"
        )
        assert {point.value for point in session.scalars(points)} == {1800.0}


def test_after_saving_the_page_says_its_id_and_where_it_counts(editor: FlaskClient) -> None:
    status, address = submit(editor, "/facts/incidents/new", **INCIDENT)
    text = page(editor, address)
    assert status == 303 and re.search(r"Saved as hand-[0-9a-f]{8}\.", text)
    assert 'href="/kpis/mttr"' in text and 'href="/facts/incidents/new">Enter another' in text
    assert "Slow &lt;b&gt;" in text and "Slow <b>" not in text


def test_sent_twice_it_is_entered_once(editor: FlaskClient, sqlite: Engine) -> None:
    text = page(editor, "/facts/incidents/new")
    given = {"csrf_token": csrf(text), "id": manual.new_id()} | {PREFIX + name: INCIDENT[name] for name in INCIDENT}
    first, second = (editor.post("/facts/incidents/new", data=given) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    given[f"{PREFIX}title"] = "Another one, from the same page"
    assert editor.post("/facts/incidents/new", data=given).headers["Location"] != first.headers["Location"]
    with reading(sqlite) as session:
        assert len(session.scalars(select(Incident)).all()) == 2


def test_an_id_that_nobody_made_is_not_taken(editor: FlaskClient) -> None:
    given = {"csrf_token": csrf(page(editor, "/facts/toil/new")), "id": "../../mine"}
    given |= {PREFIX + name: text for name, text in smallest("toil").items()}
    assert re.search(r"/facts/toil/hand-\w{8}\?", editor.post("/facts/toil/new", data=given).headers["Location"])


def test_what_was_typed_is_kept_when_something_is_wrong(editor: FlaskClient) -> None:
    status, text = submit(editor, "/facts/incidents/new", **INCIDENT | {"detected_at": "soon", "severity": "SEV2"})
    assert status == 422
    assert 'value="Slow &lt;b&gt;"' in text and 'value="soon"' in text and '<option value="SEV2" selected>' in text
    assert 'aria-invalid="true"' in text and "is no time" in text


def test_what_the_door_refuses_is_told_at_its_field(editor: FlaskClient, sqlite: Engine) -> None:
    status, text = submit(editor, "/facts/sli_slices/new", **smallest("sli_slices"))
    assert status == 422 and "No SLO is known by the name" in text and f'href="#{PREFIX}slo"' in text
    status, text = submit(editor, "/facts/budgets/new", **smallest("budgets") | {"period": "2026-13"})
    assert status == 422 and f'href="#{PREFIX}period"' in text


def test_a_change_needs_a_reason_and_is_kept_with_it(editor: FlaskClient, manager: FlaskClient, sqlite: Engine) -> None:
    address = enter(editor)
    changed = INCIDENT | {"title": "Slow search"}
    status, text = submit(manager, address, **changed)
    assert status == 422 and "Say why" in text and 'value="Slow search"' in text
    assert submit(manager, address, reason="clearer", **changed) == (303, f"{address}?saved=changed")
    text = page(editor, f"{address}?saved=changed")
    assert "The change is saved." in text
    cells = re.findall(r"<td>(.*?)</td>", text.split('id="versions"')[1])
    assert cells == ["Entered", "editor@example.com", "", "Changed", "manager@example.com", "clearer"]
    with reading(sqlite) as session:
        assert session.scalars(select(Incident.title)).all() == ["Slow search"]


def test_a_change_that_changes_nothing_saves_nothing(editor: FlaskClient, sqlite: Engine) -> None:
    address = enter(editor)
    before = standing(sqlite).id
    status, where = submit(editor, address, reason="none", **INCIDENT)
    assert status == 303 and "Nothing was different" in page(editor, where)
    assert standing(sqlite).id == before


def test_deleting_takes_two_steps_names_what_is_lost_and_can_be_undone(editor: FlaskClient, sqlite: Engine) -> None:
    address = enter(editor)
    text = page(editor, f"{address}/delete")
    assert "Slow &lt;b&gt;" in text and "5 Oct 2026 09:30" in text and "Keep it" in text
    status, text = submit(editor, f"{address}/delete")
    assert status == 422 and "Say why" in text
    submit(editor, f"{address}/delete", reason="twice")
    with reading(sqlite) as session:
        assert session.scalars(select(Incident)).one().deleted_at is not None
    assert "This was deleted." in page(editor, address)
    assert submit(editor, address, reason="it was right", **INCIDENT)[0] == 303
    with reading(sqlite) as session:
        assert session.scalars(select(Incident)).one().deleted_at is None


def test_a_deleted_fact_is_deleted_once(editor: FlaskClient, sqlite: Engine) -> None:
    address = enter(editor)
    for _ in range(2):
        assert submit(editor, f"{address}/delete", reason="twice")[0] == 303
    with reading(sqlite) as session:
        assert len(session.scalars(select(ManualFact)).all()) == 2


def test_several_boxes_can_be_ticked(editor: FlaskClient) -> None:
    text = page(editor, "/facts/models/new")
    given = {"csrf_token": csrf(text), f"{PREFIX}name": "ranker", f"{PREFIX}monitors": ["drift", "service"]}
    saved = editor.post("/facts/models/new", data=given).headers["Location"]
    ticked = re.findall(rf'name="{PREFIX}monitors" value="(\w+)" checked', page(editor, saved))
    assert sorted(ticked) == ["drift", "service"]


def test_a_name_nobody_registered_is_kept_and_known_ones_are_suggested(editor: FlaskClient, world: Callable) -> None:
    with world() as rows:
        rows.model("fraud", team="Risk")
    text = page(editor, "/facts/incidents/new")
    assert '<option value="fraud">' in text and '<option value="Risk">' in text
    enter(editor, **INCIDENT | {"model": "unheard-of"})
    assert "unheard-of" in page(editor, "/data-health/names")


class TestLists:
    def test_newest_first_fifty_a_page_and_all_in_the_file(self, viewer: FlaskClient, sqlite: Engine) -> None:
        for number in range(52):
            manual.enter(sqlite, f"hand-{number:08x}", fact("incidents", title=f"No {number}"), "ana@example.com")
        text = page(viewer, "/facts/incidents")
        assert "1–50 of 52 entries" in text and text.index("No 51<") < text.index("No 50<") and "No 1<" not in text
        assert "No 1<" in page(viewer, "/facts/incidents?page=2")
        rows = list(csv.DictReader(io.StringIO(viewer.get("/facts/incidents.csv").data.decode("utf-8-sig"))))
        assert len(rows) == 52
        assert (rows[0]["external_id"], rows[0]["title"], rows[0]["entered_by"]) == (
            "hand-00000033",
            "No 51",
            "ana@example.com",
        )

    def test_a_row_says_what_it_is_when_it_was_and_who_changed_it(self, editor: FlaskClient) -> None:
        address = enter(editor)
        submit(editor, address, reason="clearer", **INCIDENT | {"title": "Slow search"})
        text = page(editor, "/facts/incidents")
        assert "ranker · Slow search</a>" in text and "5 Oct 2026 09:00" in text
        assert "editor@example.com: clearer" in text

    def test_viewers_read_and_change_nothing(self, viewer: FlaskClient, editor: FlaskClient) -> None:
        address = enter(editor)
        text = page(viewer, "/facts/incidents")
        assert "Slow &lt;b&gt;" in text and address not in text and "/new" not in text
        for path in (address, f"{address}/delete", "/facts/incidents/new"):
            page(viewer, path, 403)
            assert send(viewer, "/account", path)[0] == 403

    def test_an_empty_list_says_what_will_stand_there(self, editor: FlaskClient) -> None:
        assert "No toil was entered by hand." in page(editor, "/facts/toil")

    def test_lists_cost_the_same_for_any_number_of_rows(
        self, viewer: FlaskClient, sqlite: Engine, statements: Any
    ) -> None:
        numbers = []
        for number in range(3):
            manual.enter(sqlite, f"hand-{number:08x}", fact("incidents", title=f"No {number}"), "ana@example.com")
            with statements() as seen:
                page(viewer, "/facts/incidents")
            numbers.append(len(seen))
        assert len(set(numbers)) == 1 and numbers[0] <= 8


class TestPeople:
    @pytest.mark.parametrize("kind", ["toil", "shifts", "skills", "capacity"])
    def test_the_form_says_who_can_see_it(self, editor: FlaskClient, kind: str) -> None:
        assert "you, the person named and managers see it as it is" in page(editor, f"/facts/{kind}/new")

    def test_an_entry_is_seen_by_who_entered_it_the_person_named_and_managers(
        self, app: Flask, sqlite: Engine, editor: FlaskClient, manager: FlaskClient, viewer: FlaskClient
    ) -> None:
        address = enter(editor, "toil", **smallest("toil") | {"person": "VIEWER@example.com", "category": "retries"})
        other = _another_editor(app, sqlite)
        for browser in (editor, manager, viewer):
            assert "retries" in page(browser, "/facts/toil")
            assert "retries" in browser.get("/facts/toil.csv").text
        assert "retries" not in page(other, "/facts/toil") + other.get("/facts/toil.csv").text
        for path in (address, f"{address}/delete"):
            assert "managers may see it" in page(other, path, 403)
            assert send(other, "/facts/toil/new", path, reason="x")[0] == 403
        page(manager, address)

    def test_a_survey_answer_is_seen_by_who_typed_it_in_alone(self, editor: FlaskClient, manager: FlaskClient) -> None:
        address = enter(editor, "survey_responses", **smallest("survey_responses") | {"comment": "too slow"})
        assert "too slow" in editor.get("/facts/survey_responses.csv").text
        assert "too slow" not in manager.get("/facts/survey_responses.csv").text
        page(manager, address, 403)

    def test_whoever_changes_an_entry_does_not_take_it_over(
        self, editor: FlaskClient, manager: FlaskClient, sqlite: Engine
    ) -> None:
        address = enter(editor, "toil", **smallest("toil"))
        submit(manager, address, reason="wrong", **smallest("toil") | {"minutes": "5"})
        assert standing(sqlite).entered_by == "editor@example.com"
        assert "5" in page(editor, address)


def _another_editor(app: Flask, engine: Engine) -> FlaskClient:
    from ops_console.accounts import links, people
    from ops_console.core.clock import now

    with transaction(engine) as session:
        person = people.add(session, "bo@example.com", Role.EDITOR, now(), name="Bo Chan")
        path = links.PATH + links.make(session, person, now())
    browser = app.test_client()
    browser.post(path, data={"csrf_token": csrf(browser.get(path).text)})
    return browser


class TestWaysIn:
    def test_the_imports_page_leads_to_the_forms(self, editor: FlaskClient) -> None:
        assert 'href="/facts">Enter by hand' in page(editor, "/imports")

    def test_a_kpi_without_facts_offers_a_file_or_a_form(self, editor: FlaskClient, viewer: FlaskClient) -> None:
        text = page(editor, "/kpis/mttr")
        assert "Import a file</a> or enter one by hand: " in text and 'href="/facts/incidents/new">an incident' in text
        assert "/facts/" not in page(viewer, "/kpis/mttr")

    @pytest.mark.parametrize("kind", ["incidents", "deployments", "models"])
    def test_an_empty_list_of_records_does_too(self, editor: FlaskClient, viewer: FlaskClient, kind: str) -> None:
        assert f'href="/facts/{kind}/new">enter one by hand' in page(editor, f"/{kind}")
        assert "/facts/" not in page(viewer, f"/{kind}")


@pytest.mark.parametrize("path", ["/facts/moons", "/facts/moons/new", "/facts/moons.csv", "/facts/toil/hand-00000000"])
def test_what_is_not_there_is_not_found(editor: FlaskClient, path: str) -> None:
    page(editor, path, 404)


def test_what_came_in_a_file_is_not_changed_here(editor: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "incidents", source="manual")
    assert "was entered by hand" in page(editor, "/facts/incidents/i1", 404)
