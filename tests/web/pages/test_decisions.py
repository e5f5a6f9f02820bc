"""`/decisions`: what must somebody else decide, who, by when, and what was decided?"""

import csv
import io

from flask.testing import FlaskClient

from tests.web.pages.conftest import page, send

HERE = "/decisions"
ASKED = {"question": "Fund a second region", "why": "The ranker has one", "owner": "Dana Fox", "due_on": "2026-11-30"}


def waiting(browser: FlaskClient) -> str:
    return page(browser, HERE).partition('id="waiting"')[2].partition("</section>")[0]


def test_before_any_is_asked_the_page_says_what_will_stand_there(viewer: FlaskClient) -> None:
    text = page(viewer, HERE)
    assert "No decision has been asked yet." in text and "Ask for a decision" not in text


def test_it_is_asked_and_waits_for_everybody_to_see(editor: FlaskClient, viewer: FlaskClient) -> None:
    assert send(editor, HERE, HERE, **ASKED)[0] == 303
    text = waiting(viewer)
    assert "Fund a second region" in text and "The ranker has one" in text and "Dana Fox" in text
    assert "30 Nov 2026" in text and "Asked</span>" in text and "<form" not in text


def test_past_its_day_it_is_overdue(editor: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED | {"due_on": "2026-11-04"})
    assert "Asked</span>" in waiting(editor) and "Overdue" not in waiting(editor)
    send(editor, HERE, HERE, **ASKED | {"due_on": "2026-11-03"})
    assert "Overdue</span>" in waiting(editor)


def test_the_most_urgent_stands_first(editor: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED)
    send(editor, HERE, HERE, **ASKED | {"question": "Name an owner", "due_on": "2026-11-10"})
    text = waiting(editor)
    assert text.index("Name an owner") < text.index("Fund a second region")


def test_an_answer_moves_it_to_those_answered_and_back(editor: FlaskClient, admin: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED)
    assert send(editor, HERE, f"{HERE}/1/decide", answer="From March")[0] == 303
    answered = page(editor, HERE).partition('id="closed"')[2]
    assert "From March" in answered and "Decided</span>" in answered
    assert "Nothing waits for a decision." in page(editor, HERE)
    send(editor, HERE, f"{HERE}/1/reopen")
    assert "Fund a second region" in waiting(editor) and 'id="closed"' not in page(editor, HERE)
    trail = page(admin, "/audit?kind=decision")
    assert "<td>asked again</td>" in trail and f'href="{HERE}"' in trail


def test_what_is_asked_no_more_says_why(editor: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED)
    send(editor, HERE, f"{HERE}/1/withdraw", answer="Not this year")
    text = page(editor, HERE)
    assert "Withdrawn</span>" in text and "Not this year" in text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(editor: FlaskClient) -> None:
    status, text = send(editor, HERE, HERE, **ASKED | {"owner": " "})
    assert status == 422 and '<a href="#owner-0">Say who decides' in text
    assert 'value="Fund a second region"' in text and '<details class="more" id="ask" open>' in text
    status, text = send(editor, HERE, HERE, **ASKED | {"due_on": "soon", "owner": ""})
    assert status == 422 and '<a href="#due_on-0">Write the day' in text and '<a href="#owner-0">' in text


def test_a_change_that_cannot_be_is_shown_at_its_own_row(editor: FlaskClient) -> None:
    for _ in range(2):
        send(editor, HERE, HERE, **ASKED)
    status, text = send(editor, HERE, f"{HERE}/2", **ASKED | {"question": "", "revision": "1"})
    assert status == 422 and '<a href="#question-2">' in text and 'id="question-2"' in text
    status, text = send(editor, HERE, f"{HERE}/2", **ASKED | {"question": "Fund a third region", "revision": "9"})
    assert status == 422 and "Somebody changed it meanwhile" in text
    status, text = send(editor, HERE, f"{HERE}/1/decide", answer="")
    assert status == 422 and '<a href="#answer-1">Say what was decided' in text


def test_a_change_is_taken_over(editor: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED)
    assert send(editor, HERE, f"{HERE}/1", **ASKED | {"due_on": "2026-12-04", "revision": "1"})[0] == 303
    assert "4 Dec 2026" in waiting(editor)


def test_a_viewer_reads_and_asks_for_nothing(editor: FlaskClient, viewer: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED)
    assert send(viewer, "/account", HERE, **ASKED)[0] == 403
    assert send(viewer, "/account", f"{HERE}/1/decide", answer="Yes")[0] == 403


def test_markup_in_it_is_text(editor: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED | {"question": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in page(editor, HERE)


def test_the_file_holds_all_of_them(editor: FlaskClient) -> None:
    send(editor, HERE, HERE, **ASKED)
    send(editor, HERE, HERE, **ASKED | {"question": "=Name an owner"})
    send(editor, HERE, f"{HERE}/1/decide", answer="From March")
    rows = list(csv.DictReader(io.StringIO(page(editor, f"{HERE}.csv").lstrip("\ufeff"))))
    assert [(row["question"], row["state"], row["answer"]) for row in rows] == [
        ("'=Name an owner", "asked", ""),
        ("Fund a second region", "decided", "From March"),
    ]
    assert rows[1]["due_on"] == "2026-11-30" and rows[1]["closed_at"].startswith("2026-11-04T09:00:00")
