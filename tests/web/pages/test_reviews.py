"""`/incidents/<id>/review`: what broke, what did we learn, what is promised?"""

import io
import re

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.practices import reviews
from ops_console.practices.review_factors import add_factor
from tests.practices.stories import TODAY
from tests.web.pages.builders import HOUR
from tests.web.pages.conftest import page, send

EDITOR, ADMIN = "editor@example.com", "admin@example.com"


@pytest.fixture
def here(sqlite: Engine, world) -> str:
    """The review of an incident restored an hour ago, opened by the rules."""
    with world() as rows:
        ranker = rows.model(tier=1, team="Search")
        incident = rows.incident(
            ranker, TODAY - 2 * HOUR, title="Slow <b>answers</b>", impact_started_at=TODAY - 2 * HOUR
        )
        rows.release(ranker, "4.12", TODAY - 3 * HOUR)
        number = incident.id
    with transaction(sqlite) as session:
        reviews.open_due(session, TODAY)
    return f"/incidents/{number}/review"


def revisions(text: str) -> dict[str, str]:
    return dict(re.findall(r'name="(revision-[\w-]+)" value="(\d+)"', text))


def write(browser: FlaskClient, here: str, seen: dict[str, str] | None = None, **texts: str) -> tuple[int, str]:
    """Save parts as the form would, on what it showed now or earlier."""
    shown = seen or revisions(page(browser, f"{here}/edit"))
    fields = {f"text-{key}": text for key, text in texts.items()}
    return send(
        browser,
        f"{here}/edit",
        f"{here}/edit",
        **fields,
        **{f"revision-{key}": shown[f"revision-{key}"] for key in texts},
    )


def complete(browser: FlaskClient, here: str) -> None:
    write(browser, here, summary="Answers were late.")
    send(browser, here, f"{here}/factors", factor="capacity", note="The pool was full")
    assert send(browser, here, f"{here}/submit")[0] == 303


def test_it_shows_what_facts_filled_in_and_what_nobody_has_written(viewer: FlaskClient, here: str) -> None:
    text = page(viewer, here)
    assert "Due</span> due in 47 h" in text or "due in 2.0 days" in text
    assert "Demanded by: SEV1 or SEV2, a tier 1 model." in text
    assert "SEV2: ranker (tier 1) was affected for 1 h" in text
    assert "Release 4.12 live in production" in text
    assert "Not written: Summary," in text


def test_a_viewer_sees_no_form(viewer: FlaskClient, here: str) -> None:
    assert '<form method="post"' not in page(viewer, here)
    assert viewer.get(f"{here}/edit").status_code == 403


def test_the_incident_leads_to_its_review_or_offers_to_start_one(editor: FlaskClient, here: str, world) -> None:
    assert "Open the review" in page(editor, here.removesuffix("/review"))
    with world() as rows:
        other = rows.incident(rows.model("fraud"), severity="SEV4").id
    assert "There is no" not in page(editor, f"/incidents/{other}")
    assert "has no review" in page(editor, f"/incidents/{other}/review", 404)
    assert send(editor, f"/incidents/{other}", f"/incidents/{other}/review/start")[0] == 303
    assert "No rule demands it; a person began it." in page(editor, f"/incidents/{other}/review")


def test_people_write_hand_in_approve_and_close(editor: FlaskClient, admin: FlaskClient, here: str) -> None:
    complete(editor, here)
    assert "Somebody else must approve it" in send(editor, here, f"{here}/approve")[1]
    assert "Approve and freeze" not in page(editor, here) and "somebody else approves it" in page(editor, here)
    assert "you may approve it" in page(admin, here)
    assert send(admin, here, f"{here}/approve")[0] == 303
    assert send(editor, here, f"{here}/close")[0] == 303
    text = page(editor, here)
    assert "Closed</span>" in text and "Approved versions" in text
    assert "handed in 1 h after the restoration" in text


def test_it_cannot_be_handed_in_before_it_says_something(editor: FlaskClient, here: str) -> None:
    write(editor, here, well="The rollback took a minute.")
    status, text = send(editor, here, f"{here}/submit")
    assert status == 422
    assert "summary is empty, no contributing factor is named" in text


def test_two_people_who_write_in_one_part_both_find_their_words(
    editor: FlaskClient, admin: FlaskClient, here: str
) -> None:
    seen = revisions(page(admin, f"{here}/edit"))
    assert write(editor, here, summary="Words of the editor")[0] == 303
    status, text = write(admin, here, seen, summary="Words of the admin", well="The rollback")
    assert status == 409
    assert "editor@example.com changed this part while you wrote" in text
    assert '<div class="written">Words of the editor</div>' in text
    assert "Words of the admin</textarea>" in text
    assert "Words of the editor" in page(admin, here) and "The rollback" in page(admin, here)
    assert write(admin, here, revisions(text), summary="Words of both")[0] == 303
    assert "Words of both" in page(editor, here)


def test_words_for_a_part_that_is_gone_wait_in_the_form_for_a_new_one(
    editor: FlaskClient, admin: FlaskClient, here: str
) -> None:
    send(editor, f"{here}/edit", f"{here}/parts", **{"part-title": "Costs", "part-text": "None"})
    shown = page(admin, f"{here}/edit")
    (key,) = set(re.findall(r'name="text-(own-\w+)"', shown))
    send(editor, f"{here}/edit", f"{here}/parts/{key}/remove")
    fields = {f"text-{key}": "Ten pounds", f"revision-{key}": "1", f"title-{key}": "Costs"}
    status, text = send(admin, f"{here}/edit", f"{here}/edit", **fields)
    assert status == 409
    assert 'value="Costs"' in text and "Ten pounds</textarea>" in text


def test_everything_typed_stays_when_saving_is_refused(editor: FlaskClient, admin: FlaskClient, here: str) -> None:
    seen = revisions(page(editor, f"{here}/edit"))
    send(admin, here, f"{here}/waive", reason="The same as INC-7")
    status, text = write(editor, here, seen, summary="An hour of work")
    assert status == 422
    assert "The review is waived by now." in text and "An hour of work</textarea>" in text


def test_blaming_words_get_a_hint_and_are_kept(editor: FlaskClient, here: str, world) -> None:
    with world() as rows:
        rows.person("Cleo Martin", email="cleo@example.com")
    assert write(editor, here, summary="Cleo Martin should have checked.")[0] == 303
    text = page(editor, f"{here}/edit")
    assert "“should have”" in text and "“Cleo Martin”" in text


def test_markup_stays_text_and_links_open_safely(editor: FlaskClient, here: str) -> None:
    write(editor, here, summary="<script>alert(1)</script> see https://chat.example/1")
    text = page(editor, here)
    assert "<script>alert" not in text and "<b>answers" not in text
    assert 'href="https://chat.example/1" rel="noopener noreferrer"' in text


def test_timeline_lines_are_added_changed_and_removed(editor: FlaskClient, here: str) -> None:
    added = {"line-at": "2026-11-04T07:30:00", "line-text": "A customer called", "line-link": "https://chat.example/2"}
    assert send(editor, here, f"{here}/lines", **added)[0] == 303
    text = page(editor, here)
    assert "A customer called" in text and "https://chat.example/2" in text
    number = re.findall(r'id="line-(\d+)"', text.split("A customer called")[0])[-1]
    changed = {"line-at": "2026-11-04T07:31:00", "line-text": "Two customers called", "revision": "1"}
    assert send(editor, here, f"{here}/lines/{number}", **changed)[0] == 303
    status, text = send(editor, here, f"{here}/lines/{number}", **changed | {"line-text": "Three"})
    assert status == 422
    assert "it says now" in text and 'value="Three"' in text
    assert send(editor, here, f"{here}/lines/{number}/remove")[0] == 303
    assert f'id="line-{number}"' not in page(editor, here)


def test_a_time_that_is_none_is_said_with_the_words_kept(editor: FlaskClient, here: str) -> None:
    status, text = send(editor, here, f"{here}/lines", **{"line-at": "noon", "line-text": "Lunch"})
    assert status == 422
    assert "write it as 2026-10-31" in text and 'value="Lunch"' in text


def test_importing_again_keeps_hand_edits(editor: FlaskClient, here: str) -> None:
    write(editor, here, impact="Nobody noticed.")
    assert send(editor, here, f"{here}/refill")[0] == 303
    assert "Nobody noticed." in page(editor, here)


def test_factors_come_from_the_list_and_go(editor: FlaskClient, here: str) -> None:
    assert "Choose one of the factors" in send(editor, here, f"{here}/factors", factor="luck")[1]
    send(editor, here, f"{here}/factors", factor="missing_alert", note="On feature age")
    assert "On feature age" in page(editor, here)
    assert "listed already" in send(editor, here, f"{here}/factors", factor="missing_alert", note="On feature age")[1]
    send(editor, here, f"{here}/factors/1/remove")
    assert "None is named." in page(editor, here)


def test_comments_stand_beside_the_text(editor: FlaskClient, here: str) -> None:
    assert "A comment has 1 to" in send(editor, here, f"{here}/comments", comment=" ")[1]
    send(editor, here, f"{here}/comments", comment="Well told.")
    assert "Well told." in page(editor, here)


def test_a_version_is_compared_with_what_stands_now(editor: FlaskClient, admin: FlaskClient, here: str) -> None:
    complete(editor, here)
    send(admin, here, f"{here}/approve")
    send(admin, here, f"{here}/send-back", reason="A customer told us more")
    write(editor, here, summary="Answers were late and wrong.")
    text = page(editor, f"{here}/versions?before=1")
    assert '<li class="went"><span class="unseen">Removed: </span>' in text and "Answers were late." in text
    assert "Answers were late and wrong." in text
    assert "There is no such version" in page(editor, f"{here}/versions?before=7", 400)


def test_only_a_manager_waives_or_discards(editor: FlaskClient, admin: FlaskClient, here: str) -> None:
    assert send(editor, here, f"{here}/waive", reason="No")[0] == 403
    assert "Say why" in send(admin, here, f"{here}/waive", reason="")[1]
    send(admin, here, f"{here}/waive", reason="The same as INC-7")
    assert "Waived by admin@example.com" in page(editor, here)
    assert send(admin, here, f"{here}/discard", reason="Opened twice") == (303, here.removesuffix("/review"))
    assert "Start a review" in page(editor, here.removesuffix("/review"))


def test_it_goes_out_as_markdown_and_pdf(editor: FlaskClient, admin: FlaskClient, here: str) -> None:
    complete(editor, here)
    send(admin, here, f"{here}/approve")
    text = admin.get(f"{here}.md?version=1").text
    assert "# Review: Slow <b>answers</b>" in text and "## Summary\n\nAnswers were late." in text
    assert "- Capacity: The pool was full" in text and "4 Nov 2026 07:00 UTC: Detected" in text
    file = admin.get(f"{here}.pdf?version=1")
    assert file.headers["Content-Disposition"].endswith("-v1.pdf")
    read = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(file.data)).pages)
    assert "Answers were late." in read and "approved by admin@example.com" in read
    assert file.data == admin.get(f"{here}.pdf?version=1").data
    assert admin.get(f"{here}.md?version=2").status_code == 404
    assert "**Version**: 1, approved by admin@example.com" in admin.get(f"{here}.md").text
    send(admin, here, f"{here}/send-back", reason="One word more")
    write(editor, here, summary="Answers were very late.")
    assert "**Version**: As it stands now, after 1, approved by" in admin.get(f"{here}.md").text


def test_a_document_written_elsewhere_is_taken_over(editor: FlaskClient, here: str) -> None:
    document = "# Slow answers\n\nIt was slow.\n\n## Impact\n\nMany.\n\n## Message to customers\n\nSorry.\n"
    assert send(editor, f"{here}/edit", f"{here}/paste", markdown=document)[0] == 303
    text = page(editor, here)
    assert "It was slow." in text and "Message to customers</h2>" in text and "Sorry." in text
    assert "Paste the document first" in send(editor, f"{here}/edit", f"{here}/paste", markdown=" ")[1]


def test_the_list_shows_what_waits_first(viewer: FlaskClient, editor: FlaskClient, here: str) -> None:
    text = page(viewer, "/reviews")
    assert f'href="{here}"' in text and "SEV1 or SEV2, a tier 1 model" in text
    assert "No reviews match State: Closed." in page(viewer, "/reviews?state=closed")


def test_before_anything_broke_the_list_says_what_will_stand_there(viewer: FlaskClient) -> None:
    assert "No reviews yet." in page(viewer, "/reviews")


def test_factors_of_a_quarter_are_counted_by_incident(editor: FlaskClient, here: str) -> None:
    for note in ("One", "Two"):
        send(editor, here, f"{here}/factors", factor="capacity", note=note)
    text = page(editor, "/reviews?quarter=2026-Q4")
    assert re.search(r'<th scope="row">Capacity</th><td class="n">1</td>', text)
    assert "names a factor" in page(editor, "/reviews")
    assert "Capacity contributed most often: to 1 of 1 incident" in text and "n = 1 of 1 incident that began" in text


def test_factors_are_drawn_the_most_frequent_first_with_the_reviews_behind_each(editor: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        numbers = [rows.incident(ranker, TODAY - 3 * HOUR, title=f"<i>Slow {place}").id for place in range(3)]
        for number, factors in zip(numbers, (("capacity", "missing_alert"), ("capacity",), ()), strict=True):
            review = reviews.start(rows.session, number, EDITOR)
            for factor in factors:
                add_factor(rows.session, review, factor, "", EDITOR)
    text = page(editor, "/reviews?quarter=2026-Q4")
    assert "Capacity contributed most often: to 2 of 2 incidents" in text
    assert "n = 2 of 3 incidents that began in the quarter" in text
    behind = text.split('<th scope="row">Capacity</th>')[1].split("</tr>")[0]
    assert [f"/incidents/{number}/review" in behind for number in numbers] == [True, True, False]
    assert ">67%<" in behind and text.index(">Capacity</text>") < text.index(">Missing alert</text>")
    assert "<i>Slow" not in text


def test_a_review_takes_as_many_statements_with_one_line_as_with_many(
    viewer: FlaskClient, editor: FlaskClient, here: str, statements
) -> None:
    page(viewer, here)
    with statements() as few:
        page(viewer, here)
    for number in range(5):
        added = {"line-at": f"2026-11-04T07:3{number}:00", "line-text": "Another call"}
        send(editor, here, f"{here}/lines", **added)
        send(editor, here, f"{here}/factors", factor="capacity", note=str(number))
    with statements() as many:
        page(viewer, here)
    assert len(few) == len(many) <= 20
