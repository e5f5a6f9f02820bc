"""`/incidents`: what broke, for how long, and which release caused it?"""

from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.core.db import reading
from ops_console.records.incidents import Incident, IncidentLink
from tests.web.pages.builders import HOUR, NOON
from tests.web.pages.conftest import page, send


def test_before_the_first_import_the_page_says_what_will_stand_there(viewer: FlaskClient) -> None:
    assert "No incidents yet." in page(viewer, "/incidents")


def test_before_the_first_import_only_those_who_may_bring_something_in_are_led_there(
    viewer: FlaskClient, editor: FlaskClient
) -> None:
    for path in ("/incidents", "/models", "/deployments", "/models/gaps"):
        offered = [page(reader, path).split('class="empty"')[1].split("</div>")[0] for reader in (viewer, editor)]
        assert ["/imports/new?" in each for each in offered] == [False, True]


def test_an_incident_stands_with_its_duration_and_suspected_release(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.link(rows.incident(ranker, title="Slow"), rows.release(ranker, "4.12"), confirmed=False)
    text = page(viewer, "/incidents")
    assert ">Slow</a>" in text
    assert "1 h</td>" in text
    assert ">4.12</a>" in text and "suspected" in text


def test_what_does_not_count_stands_with_its_reason(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.incident(ranker, maintenance=True)
        rows.incident(ranker, restored_at=None, status="open")
    text = page(viewer, "/incidents")
    assert "<strong>0</strong> of 2 incidents count" in text
    assert "1 maintenance, 1 still open." in text
    assert "Open</span>" in text


def test_states_and_severities_narrow_the_list_and_its_download(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.incident(ranker, title="Big", severity="SEV1")
        rows.incident(ranker, title="Small", severity="SEV4", false_positive=True)
    assert "Small" not in page(viewer, "/incidents?severity=SEV1")
    assert "Big" not in page(viewer, "/incidents?state=excluded")
    file = viewer.get("/incidents.csv?state=excluded").text
    assert "Small" in file and "false positive" in file and "Big" not in file


def test_one_incident_shows_each_time_and_how_long_after_the_beginning(viewer: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model(tier=1), impact_started_at=NOON, mitigated_at=NOON + HOUR).id
    text = page(viewer, f"/incidents/{number}")
    assert "+ 1 h" in text
    assert "tier 1 then" in text


def test_a_viewer_sees_no_form_and_may_send_none(viewer: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    assert '<form method="post"' not in page(viewer, f"/incidents/{number}")
    status, _ = send(viewer, "/account", f"/incidents/{number}/link", release="none")
    assert status == 403


def test_an_editor_confirms_the_release_and_takes_it_back(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        ranker = rows.model()
        release, number = rows.release(ranker, "4.12", NOON - HOUR).id, rows.incident(ranker).id
    here = f"/incidents/{number}"
    status, _ = send(editor, here, f"{here}/link", release=release, **{"link-reason": "The log says so"})
    assert status == 303
    text = page(editor, here)
    assert "Confirmed" in text and "The log says so" in text
    assert "Failed" in page(editor, "/deployments")
    assert send(editor, here, f"{here}/unlink")[0] == 303
    with reading(sqlite) as session:
        assert session.scalars(select(IncidentLink)).one().method != "person"


def test_an_editor_rules_every_release_out(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.release(ranker, at=NOON - HOUR)
        number = rows.incident(ranker).id
    send(editor, f"/incidents/{number}", f"/incidents/{number}/link", release="none", **{"link-reason": "Hardware"})
    assert "A person ruled every release out." in page(editor, f"/incidents/{number}")


def test_a_link_needs_a_release_and_a_reason(editor: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    assert "Choose a release, or none of them." in send(editor, here, f"{here}/link")[1]
    status, text = send(editor, here, f"{here}/link", release="none")
    assert status == 422
    assert "<title>Error: " in text
    assert "Say how you know" in text and 'value="none" checked' in text


def correction(**changes: object) -> dict[str, object]:
    """The correction form as a browser sends it for an unchanged incident: no seconds of whole minutes."""
    noon = {"detected_at": "2026-10-14T12:00", "restored_at": "2026-10-14T13:00"}
    return {"severity": "SEV2", "fields": "1", "reason": "Checked with the team", **noon, **changes}


def test_an_editor_corrects_an_incident_and_withdraws_it(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    changed = correction(severity="SEV1", maintenance="true", restored_at="2026-10-14T12:30:00")
    assert send(editor, here, f"{here}/correct", **changed)[0] == 303
    with reading(sqlite) as session:
        kept = session.get_one(Incident, number)
        assert (kept.severity, kept.maintenance, kept.restored_at) == ("SEV1", True, NOON + HOUR / 2)
    text = page(editor, here)
    assert "Checked with the team" in text and "editor@example.com" in text
    assert send(editor, here, f"{here}/undo", field="severity")[0] == 303
    with reading(sqlite) as session:
        assert session.get_one(Incident, number).severity == "SEV2"


def test_kind_and_mitigation_that_no_pager_knows_are_said_by_a_person(
    editor: FlaskClient, sqlite: Engine, world
) -> None:
    with world() as rows:
        number = rows.incident(rows.model(), kind=None, mitigated_at=NOON + HOUR / 4).id
    here = f"/incidents/{number}"
    said = correction(kind="drift_or_quality", mitigation="rollback_model_version")
    assert send(editor, here, f"{here}/correct", **said)[0] == 303
    with reading(sqlite) as session:
        kept = session.get_one(Incident, number)
        assert (kept.kind, kept.mitigation) == ("drift_or_quality", "rollback_model_version")
    text = page(editor, here)
    assert "by rollback model version" in text and "· drift or quality" in text
    assert 'value="drift_or_quality" selected' in text
    status, text = send(editor, here, f"{here}/correct", **correction(kind="flood"))
    assert status == 422 and "kind cannot become" in text


def test_an_editor_adds_one_from_the_list_and_a_viewer_does_not(
    editor: FlaskClient, viewer: FlaskClient, world
) -> None:
    with world() as rows:
        rows.incident(rows.model())
    assert "Add an incident" in page(editor, "/incidents")
    assert "Add an incident" not in page(viewer, "/incidents")


def test_an_impossible_correction_is_refused_with_everything_typed_kept(editor: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    status, text = send(editor, here, f"{here}/correct", **correction(restored_at="2026-10-14T11:00:00"))
    assert status == 422
    assert "Restored lies before the beginning" in text
    assert 'value="2026-10-14T11:00:00"' in text


def test_a_correction_needs_a_change_and_a_reason(editor: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    assert "Nothing is different" in send(editor, here, f"{here}/correct", **correction())[1]
    assert "Say why" in send(editor, here, f"{here}/correct", **correction(severity="SEV3", reason=""))[1]
    assert "write it as 2026-10-31" in send(editor, here, f"{here}/correct", **correction(detected_at="noon"))[1]


def test_an_incident_the_source_deleted_is_not_found(viewer: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model(), deleted_at=NOON).id
    assert "There is no incident" in page(viewer, f"/incidents/{number}", 404)


def test_markup_in_a_title_stays_text(viewer: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model(), title="<script>x</script>").id
    assert "<script>x" not in page(viewer, f"/incidents/{number}")
    assert "<script>x" not in page(viewer, "/incidents")


def seen(**changes: str) -> dict[str, str]:
    """What the form showed when it was opened."""
    noon = {"detected_at": "2026-10-14T12:00", "restored_at": "2026-10-14T13:00"}
    empty = dict.fromkeys(("impact_started_at", "acknowledged_at", "mitigated_at", "false_positive", "maintenance"), "")
    return {f"seen-{name}": text for name, text in ({"severity": "SEV2"} | empty | noon | changes).items()}


def test_a_form_that_was_open_meanwhile_reverts_nothing(
    editor: FlaskClient, admin: FlaskClient, sqlite: Engine, world
) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    send(admin, here, f"{here}/correct", **correction(severity="SEV1"), **seen())
    assert send(editor, here, f"{here}/correct", **correction(maintenance="true"), **seen())[0] == 303
    with reading(sqlite) as session:
        kept = session.get_one(Incident, number)
        assert (kept.severity, kept.maintenance) == ("SEV1", True)


def test_two_who_correct_the_same_field_are_told(
    editor: FlaskClient, admin: FlaskClient, sqlite: Engine, world
) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    send(admin, here, f"{here}/correct", **correction(severity="SEV1"), **seen())
    status, text = send(editor, here, f"{here}/correct", **correction(severity="SEV3"), **seen())
    assert status == 422
    assert "Severity was changed while you wrote" in text
    assert "<option selected>SEV3</option>" in text and 'name="seen-severity" value="SEV1"' in text
    assert send(editor, here, f"{here}/correct", **correction(severity="SEV3"), **seen(severity="SEV1"))[0] == 303
    with reading(sqlite) as session:
        assert session.get_one(Incident, number).severity == "SEV3"
