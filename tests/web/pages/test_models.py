"""`/models` and `/models/gaps`: what we run, who answers for it, what is missing."""

from flask.testing import FlaskClient

from tests.web.pages.builders import DAY, NOON
from tests.web.pages.conftest import page, send

HERE = {"from": "models"}


def test_before_the_first_import_the_page_says_what_will_stand_there(viewer: FlaskClient) -> None:
    assert "No models yet." in page(viewer, "/models")


def test_a_model_stands_with_its_owner_and_what_is_live(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(tier=1, team="Search", owner="Ana Lee", lifecycle="production", kind="llm_app")
        rows.release(ranker, "4.12")
        rows.incident(ranker)
    text = page(viewer, "/models")
    assert "Ana Lee" in text and "llm app" in text and "Tier 1" in text
    assert ">4.12</a>" in text and "since 14 Oct 2026" in text


def test_each_model_shows_its_kpi_statuses_in_words(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model()
    text = page(viewer, "/models")
    assert "KPIs, Oct 2026" in text
    assert "Lead time for model changes: " in text


def test_what_nobody_registered_stands_apart_and_can_be_settled(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.release(rows.model("stray", provisional=True))
    text = page(viewer, "/models")
    assert "Found, not registered" in text
    assert 'href="/data-health/names"' in text
    assert "Nothing names it any more." in page(viewer, "/models/stray")


def test_a_stray_name_says_where_it_was_seen_and_is_settled_with_one_press(editor: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("ranker")
        for name in ("svc-ranker", "churn"):
            rows.witness(rows.release(rows.model(name, provisional=True), at=NOON + 5 * DAY))
    text = page(editor, "/models")
    assert "1 deployment" in text and "19 Oct 2026" in text
    assert "It is ranker" in text
    assert send(editor, "/models", "/data-health/names/map", name="svc-ranker", onto="ranker", **HERE)[1] == "/models"
    assert (
        send(editor, "/models", "/data-health/names/register", slug="churn", lifecycle="production", **HERE)[0] == 303
    )
    text = page(editor, "/models")
    assert "Found, not registered" not in text and ">churn</a>" in text


def test_a_viewer_settles_no_stray_name(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("stray", provisional=True)
    assert 'action="/data-health/names' not in page(viewer, "/models")


def test_filters_find_models_with_gaps(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("owned", owner="Ana")
        rows.model("orphan")
    text = page(viewer, "/models?missing=owner")
    assert ">orphan</a>" in text and ">owned</a>" not in text
    assert "Missing: No owner" in text


def test_models_sort_by_a_link(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("a", tier=3)
        rows.model("b", tier=1)
    text = page(viewer, "/models?sort=tier")
    assert text.index(">b</a>") < text.index(">a</a>")
    assert 'aria-sort="ascending"' in text


def test_the_download_names_what_is_missing(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("ranker", tier=1, team="Search", owner="Ana", on_call="search-oc", monitors=["drift"])
    text = viewer.get("/models.csv").text
    assert "ranker,ranker,,1,Search,Ana,search-oc,,,,,0,no runbook; rollback not tested" in text


def test_the_list_counts_production_models_with_gaps(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("bare", lifecycle="production")
        rows.model("lab", lifecycle="experimental")
    assert "1 with gaps" in page(viewer, "/models")


def test_the_gaps_page_says_what_is_missing_and_what_to_do(editor: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("bare", lifecycle="production", tier=1)
    text = page(editor, "/models/gaps")
    assert "1 of 1 models in production lack something" in text
    assert "Nobody on call" in text and "Put it on a rotation" in text
    assert 'href="/models/bare/edit"' in text
    assert "No person answers for many tier 1 models." in text


def test_the_gaps_page_names_single_points_of_failure(viewer: FlaskClient, world) -> None:
    with world() as rows:
        for slug in ("a", "b"):
            rows.model(slug, lifecycle="production", tier=1, owner="Nadia Holt")
    text = page(viewer, "/models/gaps")
    assert "Nadia Holt" in text and "Name a second owner" in text
    assert 'href="/models/a?tab=governance"' in text


def test_without_models_in_production_the_gaps_page_says_so(viewer: FlaskClient, world) -> None:
    assert "Nothing to look at." in page(viewer, "/models/gaps")


def test_the_overview_counts_models_with_gaps_among_what_needs_a_person(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.release(rows.model("bare", lifecycle="production"))
        rows.delivered(state="done")
    text = page(viewer, "/")
    assert "1 production model with ownership gaps: see what is missing" in text
    assert 'href="/models/gaps"' in text


def test_statements_do_not_grow_with_the_models(viewer: FlaskClient, world, statements) -> None:
    with world() as rows:
        rows.release(rows.model())
    with statements() as few:
        page(viewer, "/models")
    with world() as rows:
        for number in range(20):
            rows.release(rows.model(f"m{number}"))
    with statements() as many:
        page(viewer, "/models")
    assert len(many) == len(few)
