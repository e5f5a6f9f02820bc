"""`/data-health/names`: somebody says what an unknown name means."""

from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.core.db import reading
from ops_console.records.catalog import CatalogEntry
from ops_console.records.deployments import Deployment
from tests.web.conftest import csrf
from tests.web.pages.conftest import page, send

HERE = "/data-health/names"


def stray(world, name: str = "svc-ranker") -> None:
    """A name that one deployment uses, and a registered model it may mean."""
    with world() as rows:
        rows.model("ranker")
        rows.witness(rows.release(rows.model(name, provisional=True)))


def test_when_all_is_mapped_the_page_says_so(viewer: FlaskClient) -> None:
    assert "Every name is mapped." in page(viewer, HERE)


def test_a_name_stands_with_its_facts_and_what_it_may_mean(editor: FlaskClient, world) -> None:
    stray(world)
    text = page(editor, HERE)
    assert "1 deployment · first seen 14 Oct 2026" in text
    assert 'name="onto" list="entries" autocomplete="off" value="ranker"' in text


def test_search_narrows_the_names(viewer: FlaskClient, world) -> None:
    stray(world)
    assert "svc-ranker" in page(viewer, f"{HERE}?q=RANKER")
    assert "No unmapped name holds fraud." in page(viewer, f"{HERE}?q=fraud")


def test_mapping_a_name_moves_its_facts(editor: FlaskClient, sqlite: Engine, world) -> None:
    stray(world)
    assert send(editor, HERE, f"{HERE}/map", name="svc-ranker", onto="ranker")[0] == 303
    with reading(sqlite) as session:
        moved = select(CatalogEntry.slug).join(Deployment, Deployment.entry_id == CatalogEntry.id)
        assert session.scalars(moved).all() == ["ranker"]
    text = page(editor, HERE)
    assert "Every name is mapped." in text
    assert "Mapped by people" in text and "editor@example.com" in text


def test_a_mapping_can_be_withdrawn(editor: FlaskClient, world) -> None:
    stray(world)
    send(editor, HERE, f"{HERE}/map", name="svc-ranker", onto="ranker")
    assert send(editor, HERE, f"{HERE}/unmap", name="svc-ranker")[0] == 303
    assert "Mapped by people" not in page(editor, HERE)


def test_a_name_nobody_knows_cannot_be_mapped_onto(editor: FlaskClient, world) -> None:
    stray(world)
    status, text = send(editor, HERE, f"{HERE}/map", name="svc-ranker", onto="nothing")
    assert status == 422
    assert "Nothing is known by the name nothing." in text
    assert 'value="nothing"' in text
    assert "Choose what svc-ranker means." in send(editor, HERE, f"{HERE}/map", name="svc-ranker", onto="")[1]


def test_a_name_can_become_a_model_of_its_own(editor: FlaskClient, sqlite: Engine, world) -> None:
    stray(world, "churn")
    made = {"slug": "churn", "kind": "batch", "tier": "2", "team": "Growth", "owner": "Lena", "lifecycle": "production"}
    assert send(editor, HERE, f"{HERE}/register", **made)[0] == 303
    with reading(sqlite) as session:
        entry = session.scalars(select(CatalogEntry).where(CatalogEntry.slug == "churn")).one()
    assert (entry.provisional, entry.tier, entry.team, entry.kind) == (False, 2, "Growth", "batch")
    assert "churn" in page(editor, "/models?team=Growth")


def test_nonsense_about_a_model_is_refused_and_kept_in_the_form(editor: FlaskClient, world) -> None:
    stray(world, "churn")
    status, text = send(editor, HERE, f"{HERE}/register", slug="churn", tier="9", team="Growth")
    assert status == 422
    assert "churn cannot be registered" in text
    assert 'value="Growth"' in text


def test_a_viewer_reads_and_changes_nothing(viewer: FlaskClient, world) -> None:
    stray(world)
    assert 'method="post"' not in page(viewer, HERE)
    token = csrf(page(viewer, "/account"))
    for form in ("map", "register", "unmap"):
        assert viewer.post(f"{HERE}/{form}", data={"csrf_token": token}).status_code == 403
