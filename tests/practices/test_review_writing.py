"""Two people write: nobody's words are lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from ops_console.core.db import transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.review_writing import GONE, Written, add_part, remove_part, save, sections
from ops_console.records import audit
from ops_console.records.reviews import IncidentReview
from tests.examples import examples
from tests.memory import in_memory
from tests.practices.conftest import settled
from tests.practices.stories import ANA, BEN, TODAY, started, write
from tests.web.pages.builders import Workspace


@pytest.fixture
def review(session: Session, rows: Workspace) -> IncidentReview:
    return started(session, rows.incident(rows.model(), TODAY))


def text(session: Session, review: IncidentReview, key: str) -> str:
    return next(each.text for each in sections(session, audit.number(review)) if each.key == key)


def test_different_parts_do_not_get_in_each_others_way(session: Session, review: IncidentReview) -> None:
    first = {"summary": Written("By Ana", 1), "well": Written("", 1)}
    second = {"summary": Written("", 1), "well": Written("By Ben", 1)}
    assert save(session, review, first, ANA) == []
    conflicts = save(session, review, second, BEN)
    assert [each.key for each in conflicts] == ["summary"]
    assert text(session, review, "well") == "By Ben"


def test_a_text_written_on_an_older_one_meets_the_newer(session: Session, review: IncidentReview) -> None:
    save(session, review, {"summary": Written("By Ana", 1)}, ANA)
    (conflict,) = save(session, review, {"summary": Written("By Ben", 1)}, BEN)
    assert (conflict.yours, conflict.theirs, conflict.by, conflict.revision) == ("By Ben", "By Ana", ANA, 2)
    assert text(session, review, "summary") == "By Ana"
    assert save(session, review, {"summary": Written("By Ana and Ben", conflict.revision)}, BEN) == []
    assert text(session, review, "summary") == "By Ana and Ben"


def test_the_same_words_are_no_conflict(session: Session, review: IncidentReview) -> None:
    save(session, review, {"summary": Written("Late.", 1)}, ANA)
    assert save(session, review, {"summary": Written("Late.\r\n", 1)}, BEN) == []


def test_the_trail_holds_what_it_was_and_what_it_is(session: Session, review: IncidentReview) -> None:
    write(session, review, summary="One")
    write(session, review, BEN, summary="Two")
    last = audit.history(session, "review", [audit.number(review)])[0]
    assert (last.by, last.before["text"], last.after["text"]) == (BEN, "One", "Two")  # type: ignore[index]


def test_a_part_that_is_gone_is_said_and_not_swallowed(session: Session, review: IncidentReview) -> None:
    part = add_part(session, review, "Costs", ANA)
    remove_part(session, review, part.key, BEN)
    (conflict,) = save(session, review, {part.key: Written("Ten pounds", 1)}, ANA)
    assert (conflict.yours, conflict.revision) == ("Ten pounds", GONE)


def test_a_part_of_the_form_cannot_be_removed(session: Session, review: IncidentReview) -> None:
    with pytest.raises(NotFound, match="Only a part that people added"):
        remove_part(session, review, "summary", ANA)


def test_a_text_beyond_measure_is_refused_with_its_length(session: Session, review: IncidentReview) -> None:
    with pytest.raises(BadInput, match="100,000 letters; these are 100,001"):
        write(session, review, summary="x" * 100_001)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=20)
saves = st.lists(st.tuples(st.sampled_from([ANA, BEN]), words, st.integers(0, 2)), max_size=8)


@settings(deadline=None, max_examples=examples(25))
@given(saves)
def test_whatever_the_order_every_word_that_was_kept_or_refused_can_be_found(steps: list[tuple[str, str, int]]) -> None:
    """Each writer saw a revision that may be old: a text is kept, or handed back to him beside the one that stands."""
    engine = in_memory()
    with transaction(engine) as session:
        settled(session)
        rows = Workspace(session)
        review = started(session, rows.incident(rows.model(), TODAY))
        for by, said, behind in steps:
            stood = next(each for each in sections(session, audit.number(review)) if each.key == "summary")
            before, seen = stood.text, max(1, stood.revision - behind)
            conflicts = save(session, review, {"summary": Written(said, seen)}, by)
            after = text(session, review, "summary")
            assert [(each.yours, each.theirs) for each in conflicts] in ([], [(said.rstrip(), before)])
            assert after == (before if conflicts else said.rstrip())
            if after != before:
                newest = audit.history(session, "review", [audit.number(review)])[0]
                assert (newest.before["text"], newest.after["text"]) == (before, after)  # type: ignore[index]
    engine.dispose()
