"""Records of one KPI that remember what they said."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from ops_console.core.clock import milliseconds
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Cell, Span
from ops_console.records.scorecard import KeptCells
from ops_console.scorecard.cells import Records
from ops_console.scorecard.keeping import Kept, keep, to_keep
from ops_console.scorecard.kept_cells import KeptRecords
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books

KEY = "model_deployments"
MEASURES = {"": CATALOGUE[KEY].aggregate}
WEEKS = [at(f"{day} 00:00") for day in ("10-05", "10-12", "10-19", "10-26")]
WHOLE = Span(WEEKS[0], WEEKS[-1])
DAY = timedelta(days=1)


@pytest.fixture
def written(sqlite: Engine) -> Iterator[Books]:
    """Two releases a day of two models."""
    with books(sqlite) as found:
        for slug in ("a", "b"):
            model = found.model(slug)
            for day in range(5, 26):
                found.release(model, at(f"10-{day:02}"))
        yield found
        found.session.rollback()


def records(session: Session, stale: Sequence[Span] = ()) -> KeptRecords:
    return KeptRecords(session, KEY, [*map(milliseconds, WEEKS)], stale)


def read(session: Session, *spans: Span, stale: Sequence[Span] = (), entries: Sequence[int] | None = None) -> Kept:
    """Ask, keep what may be kept, and say what that was."""
    found = records(session, stale)
    found.cells(MEASURES, spans or [WHOLE], None, entries)
    keep(session, to_keep(found))
    return to_keep(found)


def told(session: Session, *spans: Span, stale: Sequence[Span] = ()) -> int:
    """How many releases the cells tell of."""
    return count(records(session, stale).cells(MEASURES, spans or [WHOLE])[""])


def count(cells: Sequence[Cell]) -> int:
    return sum(cell[5] for cell in cells)


def rows(session: Session) -> list[tuple[object, object]]:
    found = select(col(KeptCells.starts_at), col(KeptCells.ends_at)).order_by(col(KeptCells.starts_at))
    return [tuple(row) for row in session.execute(found)]


def test_what_was_read_is_kept_between_edges(written: Books) -> None:
    read(written.session)
    assert rows(written.session) == [*pairwise(WEEKS)]


def test_what_is_kept_is_told_and_the_records_are_not_asked(written: Books) -> None:
    read(written.session)
    written.release(written.model("late"), at("10-06"))

    assert told(written.session) == 42
    assert count(Records(written.session).cells(MEASURES, [WHOLE])[""]) == 43


def test_it_is_written_once(written: Books) -> None:
    read(written.session)
    assert read(written.session) == Kept(((), ()), [])


def test_what_facts_touched_is_read_again_though_the_row_is_still_there(written: Books) -> None:
    read(written.session)
    written.release(written.model("late"), at("10-06"))

    assert told(written.session, stale=[Span(WEEKS[0], WEEKS[1])]) == 43
    assert told(written.session, stale=[Span(WEEKS[1], WEEKS[2])]) == 42


def test_what_other_code_kept_is_read_again_though_the_row_is_still_there(written: Books) -> None:
    read(written.session)
    written.session.execute(update(KeptCells).values(made_by=1, cells="[[]]"))

    assert told(written.session) == 42


def test_what_was_asked_of_some_entries_is_not_kept(written: Books) -> None:
    """It would be taken for all of them."""
    assert not read(written.session, entries=[1]).rows.rows
    assert told(written.session) == 42


def test_of_what_is_kept_some_entries_are_told(written: Books) -> None:
    read(written.session)
    [cells] = records(written.session).cells(MEASURES, [WHOLE], None, [1]).values()

    assert {cell[0] for cell in cells} == {1}
    assert count(cells) == 21


def test_a_span_that_ends_in_a_week_is_told_from_the_records(written: Books) -> None:
    read(written.session)
    half = Span(WEEKS[0], WEEKS[1] + 3 * DAY)

    assert told(written.session, half) == 20


def test_an_edge_that_goes_by_leaves_what_is_kept(written: Books) -> None:
    """As the clock does, that stands elsewhere each time."""
    read(written.session)
    before = rows(written.session)
    cut = read(written.session, WHOLE, Span(WEEKS[0], WEEKS[1] + timedelta(hours=30)))

    assert cut == Kept(((), ()), [])
    assert rows(written.session) == before


def test_an_edge_that_lasts_takes_the_place_of_what_it_cuts(written: Books) -> None:
    read(written.session)
    middle = WEEKS[1] + 3 * DAY
    found = KeptRecords(written.session, KEY, sorted(map(milliseconds, [*WEEKS, middle])), ())
    found.cells(MEASURES, [WHOLE, Span(WEEKS[0], middle)])
    keep(written.session, to_keep(found))

    assert rows(written.session) == [
        *((WEEKS[0], WEEKS[1]), (WEEKS[1], middle), (middle, WEEKS[2]), (WEEKS[2], WEEKS[3]))
    ]
    assert told(written.session) == 42


def test_a_row_that_reaches_beyond_the_question_stays_whole(written: Books) -> None:
    """Nothing of it is put beside it: two rows would tell of the same days."""
    read(written.session)
    middle = WEEKS[0] + 3 * DAY
    found = KeptRecords(written.session, KEY, sorted(map(milliseconds, [*WEEKS, middle])), ())
    found.cells(MEASURES, [Span(middle, WEEKS[1])])

    assert to_keep(found) == Kept(((), ()), [])


def test_days_on_which_nothing_happened_are_kept_too(written: Books) -> None:
    quiet = [at("09-07 00:00"), at("09-14 00:00")]
    found = KeptRecords(written.session, KEY, [*map(milliseconds, quiet)], ())
    found.cells(MEASURES, [Span(*quiet)])
    keep(written.session, to_keep(found))

    assert rows(written.session) == [tuple(quiet)]


@pytest.mark.parametrize("key", ["team_health", "paved_road_adoption"])
def test_of_what_is_told_by_more_than_its_own_time_nothing_is_kept(written: Books, key: str) -> None:
    """A shift that began before, a state that goes on."""
    found = KeptRecords(written.session, key, [*map(milliseconds, WEEKS)], ())
    found.cells({"": CATALOGUE[key].aggregate}, [WHOLE])

    assert to_keep(found) == Kept(((), ()), [])
