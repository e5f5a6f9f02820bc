"""Two incidents that tell of the same trouble: one is merged into the other on its page, and taken out again."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.records import audit
from ops_console.records.incidents import Incident
from tests.web.pages.builders import HOUR, NOON
from tests.web.pages.conftest import page, send

KNOWN = {"merge-reason": "The same alert"}


@pytest.fixture
def told_twice(world) -> tuple[int, int]:
    """What the pager told, and what the monitor told of it half an hour later."""
    with world() as rows:
        ranker = rows.model()
        first = rows.incident(ranker, external_id="INC-1", title="Slow answers")
        second = rows.incident(ranker, NOON + HOUR / 2, external_id="A-7", source="monitor", title="p99 high")
        return first.id or 0, second.id or 0


def kept(engine: Engine, number: int) -> Incident:
    with reading(engine) as session:
        return session.get_one(Incident, number)


def trail(engine: Engine, number: int) -> list[tuple[str, str]]:
    with reading(engine) as session:
        return [(entry.did, entry.reason) for entry in audit.history(session, "incident", [number])]


def test_it_is_merged_into_one_of_another_source_and_counts_there(
    editor: FlaskClient, sqlite: Engine, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    here = f"/incidents/{second}"
    assert "INC-1 Slow answers, test" in page(editor, here)
    assert send(editor, here, f"{here}/merge", primary=f"#{first}", **KNOWN)[0] == 303
    merged = kept(sqlite, second)
    assert (merged.duplicate_of, merged.duplicate_source) == ("INC-1", "test")
    assert "It repeats" in page(editor, here) and "Merge into it" not in page(editor, here)
    text = page(editor, f"/incidents/{first}")
    assert "Merged into this one" in text and "Also reported as A-7: p99 high" in text
    assert "1 duplicate." in page(editor, "/incidents")


def test_a_merge_is_undone_and_both_steps_stand_on_the_trail(
    editor: FlaskClient, sqlite: Engine, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    here = f"/incidents/{second}"
    send(editor, here, f"{here}/merge", primary=f"#{first}", **KNOWN)
    assert send(editor, here, f"{here}/unmerge")[0] == 303
    assert (kept(sqlite, second).duplicate_of, kept(sqlite, second).duplicate_source) == (None, None)
    assert [did for did, _ in trail(sqlite, second)] == ["taken out", "merged"]
    text = page(editor, here)
    assert "No other incident tells of the same trouble." in text
    assert "duplicate of:</span> INC-1" in text and "The same alert" in text


def test_what_the_source_itself_merged_is_taken_out_by_a_persons_word(
    editor: FlaskClient, sqlite: Engine, world
) -> None:
    with world() as rows:
        number = rows.incident(rows.model(), duplicate_of="INC-9").id
    here = f"/incidents/{number}"
    assert "INC-9, which is not known here" in page(editor, here)
    send(editor, here, f"{here}/unmerge")
    assert kept(sqlite, number).duplicate_of is None
    assert "It is an incident of its own." in page(editor, here)


def test_an_incident_outside_the_list_is_named_by_its_id(
    editor: FlaskClient, sqlite: Engine, told_twice: tuple[int, int], world
) -> None:
    with world() as rows:
        rows.incident(rows.model("fraud"), NOON - 200 * HOUR, external_id="INC-OLD")
    here = f"/incidents/{told_twice[1]}"
    assert send(editor, here, f"{here}/merge", **{"primary-id": "INC-OLD"}, **KNOWN)[0] == 303
    assert kept(sqlite, told_twice[1]).duplicate_of == "INC-OLD"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (KNOWN, "Choose the incident that this one repeats."),
        ({"primary-id": "INC-1"}, "Say how you know, in one sentence."),
        ({"primary-id": "INC-404"} | KNOWN, "There is no incident &#39;INC-404&#39;"),
        ({"primary-id": "A-7"} | KNOWN, "An incident cannot repeat itself."),
        ({"primary": "#999"} | KNOWN, "There is no incident 999"),
    ],
)
def test_what_cannot_be_merged_is_said_with_everything_typed_kept(
    editor: FlaskClient, told_twice: tuple[int, int], sent: dict[str, str], told: str
) -> None:
    here = f"/incidents/{told_twice[1]}"
    status, text = send(editor, here, f"{here}/merge", **sent)
    assert status == 422
    assert told in text and "<title>Error: " in text
    assert f'value="{sent.get("primary-id", "")}"' in text


def test_a_ring_cannot_be_made(editor: FlaskClient, sqlite: Engine, told_twice: tuple[int, int]) -> None:
    first, second = told_twice
    send(editor, f"/incidents/{second}", f"/incidents/{second}/merge", primary=f"#{first}", **KNOWN)
    status, text = send(editor, f"/incidents/{first}", f"/incidents/{first}/merge", primary=f"#{second}", **KNOWN)
    assert status == 422 and "itself repeats INC-1" in text
    assert kept(sqlite, first).duplicate_of is None


def test_a_viewer_merges_nothing(viewer: FlaskClient, told_twice: tuple[int, int]) -> None:
    assert send(viewer, "/account", f"/incidents/{told_twice[1]}/merge", **KNOWN)[0] == 403
    assert send(viewer, "/account", f"/incidents/{told_twice[1]}/unmerge")[0] == 403


def test_a_false_positive_is_marked_and_taken_back_with_its_trace(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    shown = {"severity": "SEV2", "detected_at": "2026-10-14T12:00:00", "restored_at": "2026-10-14T13:00:00"}
    send(editor, here, f"{here}/correct", fields="1", reason="A test rig", false_positive="true", **shown)
    assert "Not counted</span> false positive" in page(editor, here)
    send(editor, here, f"{here}/undo", field="false_positive")
    assert not kept(sqlite, number).false_positive
    with reading(sqlite) as session:
        back, marked = audit.history(session, "incident", [number])
        assert (marked.by, marked.reason, marked.before) == (
            "editor@example.com",
            "A test rig",
            {"false_positive": False},
        )
        assert (back.did, back.after) == ("correction withdrawn", {"false_positive": False})


def test_who_named_a_release_stands_on_the_trail(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        ranker = rows.model()
        release, number = rows.release(ranker, "4.12", NOON - HOUR).id, rows.incident(ranker).id
    here = f"/incidents/{number}"
    send(editor, here, f"{here}/link", release=release, **{"link-reason": "The log says so"})
    send(editor, here, f"{here}/unlink")
    assert trail(sqlite, number) == [("release link withdrawn", ""), ("release link confirmed", "The log says so")]
