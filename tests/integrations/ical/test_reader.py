"""Calendars in, facts out: the samples are the test, and what a calendar means is what its people meant."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.ical import MANIFEST, events, reader
from ops_console.contracts.operations_facts import ShiftFact
from ops_console.contracts.rows import LeftOut, Refused, Row
from tests.examples import examples
from tests.integrations.ical.wall import calendar, event, shift

SAMPLES = Path(reader.__file__).parent / "samples"
LONDON = ";TZID=Europe/London:"


def facts(text: str) -> list[dict[str, Any]]:
    rows = [row for row in reader.rows(text) if isinstance(row, Row)]
    read = (ShiftFact.model_validate({"source": MANIFEST.key, **row.cells}) for row in rows)
    return [json.loads(fact.model_dump_json(exclude_defaults=True)) for fact in read]


def spans(text: str) -> list[tuple[str, str, str]]:
    """Who, from when to when, in the order of time."""
    found = [(each["person"], each["started_at"][5:16], each["ended_at"][5:16]) for each in facts(text)]
    return sorted(found, key=lambda each: each[1:])


def refused(text: str) -> Refused:
    (found,) = (row for row in reader.rows(text) if isinstance(row, Refused))
    return found


def left(text: str) -> list[str]:
    return [row.what for row in reader.rows(text) if isinstance(row, LeftOut)]


def recurring(rule: str, *more: str, began: str = f"{LONDON}20261019T090000") -> str:
    return event("Ana", began, f"{began.rpartition('T')[0]}T170000", f"RRULE:{rule}", "UID:1", *more)


def instead(of: str, *lines: str, person: str = "Ana", began: str, ended: str) -> str:
    """What takes the place of one occurrence."""
    return event(person, f"{LONDON}{began}", f"{LONDON}{ended}", "UID:1", f"RECURRENCE-ID{LONDON}{of}", *lines)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.ics")), ids=lambda path: path.stem)
def test_a_sample_becomes_its_facts(sample: Path) -> None:
    expected = json.loads(sample.with_suffix(".facts.json").read_text("utf-8"))
    assert facts(sample.read_text("utf-8")) == expected


def test_every_sample_is_recognised_and_other_files_are_not() -> None:
    assert all(reader.recognises(sample.read_text("utf-8")) for sample in SAMPLES.glob("*.ics"))
    assert reader.recognises("\ufeffBEGIN:VCALENDAR\r\n") and reader.recognises("\nbegin:vcalendar\n")
    for other in ("schedule,person\n", "BEGIN:VCARD\n", "kind: SLO\n", ""):
        assert not reader.recognises(other)


def test_what_is_cancelled_names_nobody_or_is_to_come_is_counted() -> None:
    assert left((SAMPLES / "rota.ics").read_text("utf-8")) == ["cancelled", "without a person", "to come"]


def test_a_recurring_event_keeps_its_hour_when_the_clocks_go_back() -> None:
    text = calendar(event("Ana", f"{LONDON}20261024T090000", f"{LONDON}20261025T090000", "RRULE:FREQ=DAILY;COUNT=3"))
    assert spans(text) == [
        ("Ana", "10-24T08:00", "10-25T09:00"),
        ("Ana", "10-25T09:00", "10-26T09:00"),
        ("Ana", "10-26T09:00", "10-27T09:00"),
    ]


def test_a_day_in_which_the_clocks_change_has_23_or_25_hours() -> None:
    for day, following, span in (
        ("20260329", "20260330", ("03-29T00:00", "03-29T23:00")),
        ("20261025", "20261026", ("10-24T23:00", "10-26T00:00")),
    ):
        told = event("Ana", f";VALUE=DATE:{day}", f";VALUE=DATE:{following}")
        assert spans(calendar(told, head="X-WR-TIMEZONE:Europe/London")) == [("Ana", *span)]


def test_days_end_before_the_day_they_name_and_one_alone_lasts_a_day() -> None:
    head = "X-WR-TIMEZONE:UTC"
    week = event("Ana", ";VALUE=DATE:20261005", ";VALUE=DATE:20261012")
    assert spans(calendar(week, head=head)) == [("Ana", "10-05T00:00", "10-12T00:00")]
    assert spans(calendar(event("Ana", ";VALUE=DATE:20261005", ""), head=head)) == [
        ("Ana", "10-05T00:00", "10-06T00:00")
    ]


def test_exceptions_are_left_out_and_additions_are_taken() -> None:
    text = calendar(
        recurring(
            "FREQ=DAILY;COUNT=3", f"EXDATE{LONDON}20261020T090000,20261021T090000", f"RDATE{LONDON}20261030T090000"
        )
    )
    assert [began for _, began, _ in spans(text)] == ["10-19T08:00", "10-30T09:00"]


def test_one_occurrence_may_be_moved_given_away_or_cancelled() -> None:
    text = calendar(
        recurring("FREQ=DAILY;COUNT=4"),
        instead("20261020T090000", began="20261020T130000", ended="20261020T210000"),
        instead("20261021T090000", person="Ben", began="20261021T090000", ended="20261021T170000"),
        instead("20261022T090000", "STATUS:CANCELLED", began="20261022T090000", ended="20261022T170000"),
    )
    assert spans(text) == [
        ("Ana", "10-19T08:00", "10-19T16:00"),
        ("Ana", "10-20T12:00", "10-20T20:00"),
        ("Ben", "10-21T08:00", "10-21T16:00"),
    ]
    assert left(text) == ["cancelled"]


def test_an_occurrence_moved_to_another_week_is_where_it_was_moved_to() -> None:
    text = calendar(
        recurring("FREQ=WEEKLY;COUNT=2"), instead("20261026T090000", began="20261104T090000", ended="20261104T170000")
    )
    assert [began for _, began, _ in spans(text)] == ["10-19T08:00", "11-04T09:00"]


def test_a_whole_series_may_be_cancelled() -> None:
    assert spans(calendar(recurring("FREQ=DAILY;COUNT=3", "STATUS:CANCELLED"))) == []


def test_everybody_who_is_invited_has_a_shift_and_who_declined_has_none() -> None:
    text = calendar(
        event(
            "On call",
            "20261005T090000Z",
            "20261006T090000Z",
            'ATTENDEE;CN="Silva, Ana":mailto:ana@example.com',
            "ATTENDEE:mailto:ben@example.com",
            "ATTENDEE;CN=Carla;PARTSTAT=DECLINED:mailto:carla@example.com",
            "ATTENDEE;CN=Dan;ROLE=NON-PARTICIPANT:mailto:dan@example.com",
            "ATTENDEE;CN=Room 4;CUTYPE=ROOM:mailto:room@example.com",
        )
    )
    assert [person for person, _, _ in spans(text)] == ["Silva, Ana", "ben@example.com"]


def test_an_event_to_which_only_a_room_is_invited_is_named_after_the_person() -> None:
    text = calendar(event("Ana", "20261005T090000Z", "20261006T090000Z", "ATTENDEE;CUTYPE=ROOM:mailto:r@example.com"))
    assert [person for person, _, _ in spans(text)] == ["Ana"]


def zone(name: str, offset: str) -> str:
    """A zone that a calendar defines for itself."""
    offsets = (f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}")
    standard = ("BEGIN:STANDARD", "DTSTART:19700101T000000", *offsets, "END:STANDARD")
    return "\r\n".join(("BEGIN:VTIMEZONE", f"TZID:{name}", *standard, "END:VTIMEZONE"))


@pytest.mark.parametrize(
    ("name", "head", "began"),
    [
        ("Our zone", zone("Our zone", "+0530"), "10-05T03:30"),
        ("Our zone", zone("Our zone", "-0300"), "10-05T12:00"),
        ("W. Europe Standard Time", "", "10-05T07:00"),
        ("America/New_York", "", "10-05T13:00"),
    ],
)
def test_zones_of_ones_own_and_names_of_windows_are_known(name: str, head: str, began: str) -> None:
    told = event("Ana", f";TZID={name}:20261005T090000", f";TZID={name}:20261005T170000")
    assert [each[1] for each in spans(calendar(told, head=head))] == [began]


def test_a_zone_nobody_defined_is_refused_and_not_guessed() -> None:
    text = calendar(event("Ana", ";TZID=Our zone:20261005T090000", ";TZID=Our zone:20261005T170000"), shift("Ben", 3))
    assert "DTSTART names the time zone 'Our zone', which nobody knows" in refused(text).reason
    assert [person for person, _, _ in spans(text)] == ["Ben"]


def test_times_without_a_zone_are_those_of_the_calendar_else_as_they_were_written() -> None:
    told = event("Ana", "20261005T090000", "20261005T170000")
    assert spans(calendar(told, head="X-WR-TIMEZONE:Europe/Berlin")) == [("Ana", "10-05T07:00", "10-05T15:00")]
    (row,) = (row for row in reader.rows(calendar(told)) if isinstance(row, Row))
    assert row.cells["started_at"] == "2026-10-05T09:00:00"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (event("X", "nonsense", ""), "cannot be read"),
        (event("X", "", "20261005T090000Z"), "has no DTSTART"),
        (event("X", "20261006T090000Z", "20261005T090000Z"), "ends before it begins"),
        (event("X", ";VALUE=DATE:20261006", "20261005T090000Z"), "cannot be read"),
        (event("X", "20261005T090000Z", "20261006T090000Z", "RRULE:FREQ=SOMETIMES"), "cannot be read"),
        (event("X", "20261005T090000Z", "20261006T090000Z", "RRULE:FREQ=SECONDLY"), "repeats by the minute"),
        (event("X", "20261005T090000Z", "20261006T090000Z", "RRULE:FREQ=MINUTELY;COUNT=3"), "repeats by the minute"),
    ],
)
def test_a_broken_event_names_its_line_and_hides_no_other(broken: str, words: str) -> None:
    text = calendar(shift("Ana", 3), broken, shift("Ben", 4))
    assert [person for person, _, _ in spans(text)] == ["Ana", "Ben"]
    found = refused(text)
    assert words in found.reason and found.line == 10 and "SUMMARY:X" in found.raw


HEAD = "BEGIN:VCALENDAR\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        f"{HEAD}BEGIN:VEVENT\nUID:1\n",
        f"{HEAD}odd\nEND:VCALENDAR",
        calendar(shift("Ana", 3)) + calendar(shift("Ben", 4))[:150],
    ],
)
def test_what_is_no_whole_calendar_is_refused(text: str) -> None:
    assert "it is no calendar that can be read" in refused(text).reason


def test_several_calendars_in_a_file_are_all_read() -> None:
    text = calendar(shift("Ana", 3), head="X-WR-CALNAME:First") + calendar(shift("Ben", 4))
    assert [(each["person"], each["schedule"]) for each in facts(text)] == [("Ana", "First"), ("Ben", "First")]


def test_events_without_an_id_are_events_all_the_same() -> None:
    named = calendar(shift("Ana", 3), shift("Ben", 4))
    text = named.replace("UID:", "X-OLD:")
    assert len(spans(text)) == 2


def test_the_same_shift_told_twice_counts_once() -> None:
    assert len(facts(calendar(shift("Ana", 3, "UID:1"), shift("Ana", 3, "UID:2")))) == 1


def test_an_endless_series_ends_today() -> None:
    found = spans(calendar(recurring("FREQ=DAILY", began=f"{LONDON}20250101T090000")))
    assert (len(found), max(began for _, began, _ in found)) == (688, "12-31T09:00")


def test_a_calendar_with_more_shifts_than_anybody_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST", 300)
    text = calendar(event("Ana", "20240101T000000Z", "20240101T001000Z", "RRULE:FREQ=DAILY"))
    assert "it holds more than 300 shifts" in refused(text).reason


def test_a_shift_over_the_border_of_two_years_counts_once() -> None:
    text = calendar(recurring("FREQ=DAILY", "STATUS:CANCELLED", began=f"{LONDON}20231119T060000"))
    assert left(text) == ["cancelled"] * 1112


LINES = st.lists(
    st.sampled_from(
        [
            "SUMMARY:Ana",
            "DTSTART:20261005T090000Z",
            "DTSTART;VALUE=DATE:20261005",
            "DTSTART:x",
            "DTEND:20261006T090000",
            "DTEND;TZID=Mars/Base:20261006T090000",
            "DURATION:P1D",
            "DURATION:-P1D",
            "RRULE:FREQ=DAILY;COUNT=2",
            "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "RRULE:COUNT=x",
            "EXDATE:20261005T090000Z",
            "RECURRENCE-ID:20261005T090000Z",
            "STATUS:CANCELLED",
            "ATTENDEE;CN=:mailto:",
            "SEQUENCE:x",
            "UID:1",
        ]
    ),
    max_size=8,
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=3))
def test_whatever_events_hold_they_are_read_refused_or_left_out(written: list[list[str]]) -> None:
    told = ["\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]) for lines in written]
    found = list(reader.rows(calendar(*told, shift("Zoe", 3))))
    assert "Zoe" in [row.cells["person"] for row in found if isinstance(row, Row)]
