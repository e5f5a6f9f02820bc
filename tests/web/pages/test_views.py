"""Saved views and permalinks: named, opened, shared, seen first, deleted; fixed or relative."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.conftest import Filled
from tests.web.conftest import sign_in
from tests.web.pages.conftest import page, send

ADDRESS = "/kpis?scope=team:Search&period=latest"


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


def save(browser: FlaskClient, name: str = "Search", address: str = ADDRESS, **more: str) -> tuple[int, str]:
    return send(browser, "/kpis", "/views", name=name, address=address, **more)


def menu(text: str) -> str:
    return text.split('aria-label="Saved views"')[1].split("</ul>")[0] if 'aria-label="Saved views"' in text else ""


def links(text: str) -> dict[str, str]:
    """Words and addresses of the Share menu."""
    found = re.findall(r'<a href="([^"]+)" data-copy-link>([^<]+)</a>', text)
    return {words: unescape(address) for address, words in found}


@pytest.mark.parametrize(
    "path", ["/", "/kpis", "/kpis/mttr", "/models", "/models/ranker", "/deployments", "/incidents", "/imports"]
)
def test_each_page_with_a_filter_bar_offers_to_save_it(viewer: FlaskClient, path: str) -> None:
    text = page(viewer, path)
    assert 'action="/views"' in text and 'name="address"' in text
    assert page(viewer, links(text).popitem()[1])


def test_saving_leads_back_to_the_page_and_names_it_in_the_menu(viewer: FlaskClient) -> None:
    assert save(viewer) == (303, ADDRESS)
    text = page(viewer, ADDRESS)
    assert re.search(r'<a href="/kpis\?scope=team:Search&amp;period=latest"[^>]*>Search</a>', menu(text))
    assert "Search</a>" in menu(page(viewer, "/deployments"))


def test_the_view_at_hand_is_marked(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis?period=2026-09&scope=tier:1")
    fixed = links(text)["Copy link to Sep 2026"]
    save(viewer, address=fixed)
    assert 'aria-current="page">Search</a>' in menu(page(viewer, fixed))
    assert "aria-current" not in menu(page(viewer, "/kpis"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "/kpis?period=2026-09&scope=tier:1",
            {
                "Sep 2026": "/kpis?scope=tier%3A1&period=2026-09",
                "the latest month": "/kpis?scope=tier%3A1&period=latest",
            },
        ),
        (
            "/kpis/mttr?period=2026-10&grain=week",
            {"Week 44, 2026": "/kpis/mttr?period=2026-W44", "the latest week": "/kpis/mttr?period=latest&grain=week"},
        ),
        ("/?period=latest", {"Oct 2026": "/?period=2026-10", "the latest month": "/?period=latest"}),
        ("/?period=2026-10-01..2026-10-09", {"1 to 9 Oct 2026": "/?period=2026-10-01..2026-10-09"}),
        (
            "/deployments?period=2026-10",
            {"Oct 2026": "/deployments?period=2026-10", "the latest month": "/deployments?period=latest"},
        ),
        ("/deployments?period=all", {"all time": "/deployments?period=all"}),
        ("/models?tier=1", {"this list": "/models?tier=1"}),
    ],
)
def test_a_link_keeps_the_period_or_means_the_newest(viewer: FlaskClient, path: str, expected: dict[str, str]) -> None:
    assert links(page(viewer, path)) == {f"Copy link to {words}": address for words, address in expected.items()}


def test_the_newest_days_of_a_list_can_be_kept_or_moved_along(viewer: FlaskClient) -> None:
    fixed, moving = links(page(viewer, "/incidents?state=open")).items()
    assert re.fullmatch(r"/incidents\?state=open&period=2026-\d\d-\d\d\.\.2026-10-\d\d", fixed[1])
    assert moving == ("Copy link to the latest 90 days", "/incidents?state=open")


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/kpis",
        "/nope",
        "",
        "javascript:alert(1)",
        "/sign-in",
        "/api/v1/kpis",
        "/views/1/delete",
    ],
)
def test_only_a_page_of_the_console_can_be_saved(viewer: FlaskClient, address: str) -> None:
    status, said = save(viewer, address=address)
    assert status == 400 and "is no page of this console" in said
    assert menu(page(viewer, "/kpis")) == ""


def test_a_name_that_is_taken_is_said_and_nothing_typed_is_lost(viewer: FlaskClient) -> None:
    save(viewer)
    status, said = save(viewer, shared="on")
    assert status == 400 and "There is a view &#39;Search&#39; already." in said and "<title>Error: " in said
    assert f'name="address" value="{ADDRESS.replace("&", "&amp;")}"' in said
    assert re.search(r'name="shared" checked', said) and not re.search(r'name="landing" checked', said)


def test_a_view_seen_first_stands_in_place_of_the_overview(viewer: FlaskClient) -> None:
    save(viewer, landing="on")
    answer = viewer.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    assert "<h1>Overview, Oct 2026</h1>" in page(viewer, "/?period=2026-10")


def test_the_menu_always_leads_to_the_overview(viewer: FlaskClient) -> None:
    save(viewer, landing="on")
    address = re.search(r'<li><a href="([^"]+)"[^>]*>Overview</a>', page(viewer, "/kpis"))
    assert address is not None and "<h1>Overview, Oct 2026</h1>" in page(viewer, address[1])
    assert 'aria-current="page">Overview</a>' in page(viewer, address[1])


def test_the_overview_itself_can_be_seen_first_without_going_round_in_circles(viewer: FlaskClient) -> None:
    save(viewer, address="/", landing="on")
    answer = viewer.get("/", follow_redirects=True)
    assert answer.status_code == 200 and "<h1>Overview, Oct 2026</h1>" in answer.text


def test_signing_in_leads_to_the_view_seen_first(app: Flask, sqlite: Engine, viewer: FlaskClient) -> None:
    save(viewer, landing="on")
    again = sign_in(app.test_client(), sqlite, "viewer")
    assert again.get("/").headers["Location"] == ADDRESS


def test_what_is_shared_is_in_the_menu_of_others_with_its_owner(viewer: FlaskClient, editor: FlaskClient) -> None:
    save(viewer, name="Mine")
    save(viewer, name="Ours", shared="on")
    text = menu(page(editor, "/kpis"))
    assert "Ours" in text and "shared by Ana Lee" in text and "Mine" not in text


def test_a_name_cannot_carry_markup(viewer: FlaskClient) -> None:
    save(viewer, name="<b>bold</b>")
    assert "<b>bold</b>" not in page(viewer, "/kpis") + page(viewer, "/views")


class TestManaging:
    def test_views_are_listed_with_what_they_show(self, viewer: FlaskClient) -> None:
        save(viewer)
        save(viewer, name="Old", address="/kpis/mttr?period=2026-W43")
        save(viewer, name="List", address="/deployments?period=all&kind=rollback")
        text = page(viewer, "/views")
        for told in (
            "KPIs · Team Search · latest month",
            "MTTR, time to restore ML incidents · Week 43, 2026",
            "Deployments · period all · kind rollback",
        ):
            assert told in text

    def test_without_views_it_says_how_to_save_one(self, viewer: FlaskClient) -> None:
        assert "No views yet." in page(viewer, "/views")

    def test_a_view_gets_another_name_and_other_readers(self, viewer: FlaskClient, editor: FlaskClient) -> None:
        save(viewer)
        assert send(viewer, "/views", "/views/1", name="Search team", shared="on") == (303, "/views")
        assert "Search team" in menu(page(editor, "/kpis"))

    def test_a_name_that_cannot_be_keeps_the_form_open(self, viewer: FlaskClient) -> None:
        save(viewer)
        save(viewer, name="Ads")
        status, said = send(viewer, "/views", "/views/2", name="Search", shared="on")
        assert status == 400 and "already" in said
        assert re.search(r"<details open><summary>Change Ads…", said) and 'value="Search"' in said

    def test_deleting_takes_two_steps_and_says_what_is_lost(self, viewer: FlaskClient) -> None:
        save(viewer, landing="on")
        text = page(viewer, "/views")
        assert "<summary>Delete Search…</summary>" in text and "you see the overview first again" in text
        assert send(viewer, "/views", "/views/1/delete") == (303, "/views")
        assert "No views yet." in page(viewer, "/views") and page(viewer, "/")

    def test_first_can_be_chosen_and_given_up(self, viewer: FlaskClient) -> None:
        save(viewer)
        assert send(viewer, "/views", "/views/first", view="1") == (303, "/views")
        assert viewer.get("/").status_code == 303
        assert send(viewer, "/views", "/views/first") == (303, "/views")
        assert viewer.get("/").status_code == 200

    @pytest.mark.parametrize(("view", "status"), [("x", 400), ("4711", 404)])
    def test_first_must_be_a_view(self, viewer: FlaskClient, view: str, status: int) -> None:
        save(viewer)
        assert send(viewer, "/views", "/views/first", view=view)[0] == status

    @pytest.mark.parametrize("act", ["", "/delete"])
    def test_a_view_of_another_is_not_found(self, viewer: FlaskClient, editor: FlaskClient, act: str) -> None:
        save(viewer, shared="on")
        save(editor, name="Theirs")
        assert send(editor, "/views", f"/views/1{act}", name="Taken")[0] == 404
        assert "Change Search" not in page(editor, "/views")
