"""`/models`: is this model healthy, owned, affordable?"""

from datetime import date

from flask.testing import FlaskClient

from ops_console.records.catalog import Alias
from tests.web.pages.builders import DAY, HOUR, NOON
from tests.web.pages.conftest import page


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
    assert "1 release and 0 incidents name it" in page(viewer, "/models/stray")


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
        rows.model("ranker", tier=1, team="Search", owner="Ana", on_call="search-oc")
    assert "ranker,ranker,,1,Search,Ana,search-oc,,,,,0,no runbook" in viewer.get("/models.csv").text


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


def test_one_model_draws_releases_and_incidents_on_one_axis(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.release(ranker, "4.12")
        rows.release(ranker, "4.11", NOON + HOUR, kind="rollback")
        rows.incident(ranker, NOON + HOUR, title="Slow")
    text = page(viewer, "/models/ranker")
    assert '<svg viewBox="0 0 1200 132"' in text
    assert "<title>release 4.12, 14 Oct 2026 12:00 UTC</title>" in text
    assert "<title>SEV2 Slow, 14 Oct 2026 13:00 UTC, restored after 1 h</title>" in text


def test_one_model_names_its_gaps_and_a_complete_one_has_none(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.model("bare")
        rows.model("full", owner="Ana", team="Search", tier=1, on_call="oc", runbook_url="https://runbook.example/")
    assert "no owner, nobody on call, no runbook, no tier, no team" in page(viewer, "/models/bare")
    text = page(viewer, "/models/full")
    assert "Ownership gaps" not in text
    assert 'href="https://runbook.example/"' in text


def test_one_model_shows_objectives_with_the_budget_they_used(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.slice(rows.slo(ranker, "availability"), 9_985, 10_000)
        rows.slo(ranker, "latency")
    text = page(viewer, "/models/ranker?period=2026-10")
    assert "99.85%" in text and "150%" in text and "Missed" in text
    assert "No data" in text


def test_one_model_shows_its_cost_by_month_newest_first(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.cost(ranker, date(2026, 9, 3), "1200.4")
        rows.cost(ranker, date(2026, 10, 3), "1500")
    text = page(viewer, "/models/ranker")
    assert text.index("$1,500") < text.index("$1,200")


def test_one_model_tells_how_it_stood_and_what_it_is_called(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model(tier=2, team="Search")
        rows.moved(ranker, NOON - DAY, tier=1, team="Ads")
        rows.session.add(Alias(name="svc-ranker", entry_id=ranker.id, made_at=NOON))
    text = page(viewer, "/models/ranker")
    assert "13 Oct 2026" in text and "the beginning" in text
    assert "<code>svc-ranker</code>" in text


def test_one_model_takes_the_same_statements_however_much_happened(viewer: FlaskClient, world, statements) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.link(rows.incident(ranker), rows.release(ranker))
    with statements() as few:
        page(viewer, "/models/ranker")
    with world() as rows:
        for number in range(20):
            rows.link(rows.incident(ranker, NOON + number * HOUR), rows.release(ranker, f"{number}"))
    with statements() as many:
        page(viewer, "/models/ranker")
    assert len(many) == len(few)


def test_a_model_nobody_knows_is_not_found(viewer: FlaskClient) -> None:
    assert "There is no model" in page(viewer, "/models/nothing", 404)
