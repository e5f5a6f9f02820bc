"""`/deployments`: what shipped, and did it hurt?"""

from flask.testing import FlaskClient

from tests.web.pages.builders import DAY, HOUR, NOON
from tests.web.pages.conftest import page


def test_before_the_first_import_the_page_says_what_will_stand_there(editor: FlaskClient) -> None:
    text = page(editor, "/deployments")
    assert "No deployments yet." in text
    assert 'href="/imports/new?kind=deployments"' in text


def test_a_release_stands_with_its_lead_time_and_its_failure(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(team="Search", tier=1)
        bad = rows.release(ranker, "4.12", ready_at=NOON - 2 * DAY)
        rows.link(rows.incident(ranker), bad)
    text = page(viewer, "/deployments")
    assert ">4.12</a>" in text
    assert "2 days" in text
    assert "Failed" in text
    assert "tier 1" in text
    assert "<strong>1</strong> of 1 releases count" in text


def test_what_does_not_count_is_counted_under_the_table(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.release(ranker, "1")
        rows.release(ranker, "1", NOON + HOUR, kind="restart", is_first_of_version=False)
    text = page(viewer, "/deployments")
    assert "<strong>1</strong> of 2 releases count" in text
    assert "1 restart of a live version." in text


def test_other_environments_wait_behind_the_filter(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.release(rows.model(), "9.9", environment="staging")
        rows.release(rows.model("other"), "1.0")
    assert "9.9" not in page(viewer, "/deployments")
    assert "9.9" in page(viewer, "/deployments?environment=staging")
    assert "9.9" in page(viewer, "/deployments?environment=all")


def test_a_filter_that_empties_the_page_says_so_and_offers_the_way_back(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.release(rows.model(tier=1))
        rows.release(rows.model("b", tier=2))
    text = page(viewer, "/deployments?tier=2&kind=rollback")
    assert "No deployments match Kind: Rollback, Tier: Tier 2." in text
    assert "Clear filters" in text


def test_old_data_is_not_hidden_behind_the_usual_period(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.release(rows.model(), "old", NOON - 700 * DAY)
    text = page(viewer, "/deployments")
    assert ">old</a>" in text
    assert "2024" in text


def test_a_word_the_filter_does_not_know_is_refused(viewer: FlaskClient) -> None:
    assert "is not known here" in page(viewer, "/deployments?kind=explosion", 400)


def test_the_list_is_shown_fifty_at_a_time(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        for number in range(51):
            rows.release(ranker, f"v{number:02}", NOON + number * HOUR)
    assert "1–50 of 51 releases" in page(viewer, "/deployments")
    assert ">v00</a>" in page(viewer, "/deployments?page=2")
    assert ">v00</a>" in page(viewer, "/deployments?sort=live_at")


def test_the_download_holds_the_whole_filtered_set(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(team="Search")
        for number in range(60):
            rows.release(ranker, f"v{number}", NOON + number * HOUR)
        rows.release(rows.model("other"), "=1+1")
    response = viewer.get("/deployments.csv?team=Search&page=2")
    lines = response.text.strip().split("\r\n")
    assert len(lines) == 61
    assert lines[0].startswith("\ufeffrelease_id,model,version,")
    assert "deployments_latest-90-days.csv" in response.headers["Content-Disposition"]
    assert "'=1+1" in viewer.get("/deployments.csv").text


def test_statements_do_not_grow_with_the_list(viewer: FlaskClient, world, statements) -> None:
    with world() as rows:
        rows.release(rows.model())
    with statements() as few:
        page(viewer, "/deployments")
    with world() as rows:
        for number in range(30):
            rows.release(rows.model(f"m{number}"), at=NOON + number * HOUR)
    with statements() as many:
        page(viewer, "/deployments")
    assert len(many) == len(few)


def test_one_release_shows_who_saw_it_and_which_one_set_the_time(viewer: FlaskClient, world) -> None:
    with world() as rows:
        release = rows.release(rows.model(), "4.12", kind_reason="a version that was not live before")
        rows.witness(release, "registry", url="https://registry.example/4.12")
        rows.witness(release, "argocd", url="javascript:alert(1)")
        release.live_witness = rows.witness(release, "github").id
        number = release.id
    text = page(viewer, f"/deployments/{number}")
    assert "3 source rows were merged into this release" in text
    assert text.index("github</th>") < text.index("live time")
    assert 'href="https://registry.example/4.12"' in text
    assert "javascript:" not in text
    assert "derived: a version that was not live before" in text


def test_one_release_shows_its_changes_and_how_long_each_took(viewer: FlaskClient, world) -> None:
    with world() as rows:
        release = rows.release(rows.model())
        rows.change(release, title="<b>Faster</b>", first_commit_at=NOON - 3 * DAY)
        number = release.id
    text = page(viewer, f"/deployments/{number}")
    assert "&lt;b&gt;Faster&lt;/b&gt;" in text
    assert "3 days" in text


def test_a_release_nobody_knows_is_not_found(viewer: FlaskClient) -> None:
    assert "There is no deployment 7." in page(viewer, "/deployments/7", 404)
