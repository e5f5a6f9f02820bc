"""A form is read off the class of a fact, and what it says again makes the same fact."""

import re
from zoneinfo import ZoneInfo

import pytest

from ops_console.contracts import kind_words
from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.core.errors import BadInput
from ops_console.ingest.manual import OURS, NotTaken, said
from ops_console.ingest.shapes import required, shapes
from ops_console.ingest.summary import RowResult
from ops_console.web import fact_words
from ops_console.web.fact_check import fact_of, refused
from ops_console.web.fact_form import PREFIX, WHICH, Control, FormField, fields, names, typed
from tests.reporting.shown import BANNED

LONDON = ZoneInfo("Europe/London")
EVERY = pytest.mark.parametrize("kind", KINDS)
TEXTS = {
    "period": "2026-10",
    "currency": "USD",
    "billing_currency": "EUR",
    "tags": "team = Search\nalone",
    "reopenings": "2026-10-05T12:00/2026-10-05T13:00\n2026-10-05T15:00/",
}
TWICE, NEVER = "2026-10-25T01:30", "2026-03-29T01:30"


def form(kind: str, given: dict[str, str] | None = None) -> dict[str, FormField]:
    needed, more = fields(kind, given or {}, LONDON)
    return {each.name: each for each in (*needed, *more)}


def filled(kind: str) -> dict[str, str]:
    """Something in every field, as a person would type it."""
    return {each.id: _typed_in(each) for each in form(kind).values()}


def _typed_in(field: FormField) -> str:
    written = {
        Control.NUMBER: "1",
        Control.DAY: "2026-10-05",
        Control.MOMENT: "2026-10-05T21:00" if field.name.startswith("ended") else "2026-10-05T09:00",
        Control.LINES: "one\ntwo",
    }
    if field.control is Control.CHOICE:
        return field.options[-1][0]
    if field.control is Control.CHOICES:
        return "\n".join(word for word, _ in field.options)
    return TEXTS.get(field.name) or written.get(field.control, "text")


def made(kind: str, given: dict[str, str]) -> Fact:
    fact, errors = fact_of(kind, given, LONDON)
    assert fact is not None, errors
    return fact


def wrong(kind: str, /, **given: str) -> dict[str, str]:
    """What is wrong with a form that is good otherwise, by field."""
    typed_in = filled(kind) | {PREFIX + name: text for name, text in given.items()}
    return {field.removeprefix(PREFIX): sentence for field, sentence in fact_of(kind, typed_in, LONDON)[1]}


@EVERY
def test_each_value_of_a_fact_has_one_field_and_the_envelope_none(kind: str) -> None:
    assert sorted(form(kind)) == sorted(set(shapes(kind)) - set(OURS))


@EVERY
def test_what_is_needed_comes_first_and_the_link_last(kind: str) -> None:
    needed, more = fields(kind, {}, LONDON)
    assert set(required(kind)) - set(OURS) == {each.name for each in needed if each.is_required}
    assert not any(each.is_required for each in more) and more[-1].name == "url"


@EVERY
def test_a_form_filled_in_and_filled_again_makes_the_same_fact(kind: str) -> None:
    first = made(kind, filled(kind))
    again = made(kind, typed(kind, said(first), LONDON))
    assert again == first and len(said(first)) > 1


@EVERY
def test_a_form_sent_empty_says_what_is_needed(kind: str) -> None:
    errors = dict(fact_of(kind, {}, LONDON)[1])
    assert set(errors) == {PREFIX + name for name in required(kind) if name not in OURS}


@EVERY
def test_every_choice_can_be_taken(kind: str) -> None:
    for field in form(kind).values():
        for word, _ in field.options:
            if word:
                assert field.name not in wrong(kind, **{field.name: word})


def test_controls_follow_from_what_a_field_holds() -> None:
    controls = {name: each.control for name, each in form("evaluations").items()}
    assert controls["version"] is Control.TEXT and controls["value"] is Control.NUMBER
    assert controls["direction"] is controls["verdict"] is controls["guardrail"] is Control.CHOICE
    assert controls["evaluated_at"] is Control.MOMENT and form("toil")["date"].control is Control.DAY
    assert form("documents")["fields_present"].control is Control.LINES
    assert form("models")["monitors"].control is Control.CHOICES
    assert form("costs")["tags"].control is Control.PAIRS
    assert form("survey_responses")["comment"].control is Control.LONG


def test_a_truth_may_be_unknown_where_the_fact_allows_it() -> None:
    assert [word for word, _ in form("alerts")["actionable"].options] == ["", "true", "false"]
    assert form("alerts")["silenced"].options == (("true", "Yes"), ("false", "No"))
    assert form("alerts")["silenced"].value == "false"
    assert form("quality_checks")["blocking"].value == "true"


def test_a_usual_word_is_chosen_before_anybody_chooses() -> None:
    assert form("slos")["budgeting"].value == "occurrences"
    assert form("incidents")["severity"].options[0] == ("", "Not known")
    assert form("deployments")["status"].options[0] == ("", "Choose…")


def test_times_name_their_zone_and_lists_say_how_they_are_written() -> None:
    assert form("incidents")["detected_at"].hint.endswith("Time in Europe/London.")
    assert form("models")["aliases"].hint.endswith("One a line.")
    assert form("incidents")["model"].hint.endswith("One of model and service is needed.")


def test_a_time_is_read_in_the_zone() -> None:
    fact = made("incidents", filled("incidents") | {f"{PREFIX}detected_at": "2026-07-01T09:00"})
    assert said(fact)["detected_at"] == "2026-07-01T08:00:00Z"


def test_an_hour_that_came_twice_asks_which_one_is_meant() -> None:
    given = {f"{PREFIX}detected_at": TWICE}
    assert form("incidents", given)["detected_at"].which == (
        ("0", "The first time, BST"),
        ("1", "The second time, GMT"),
    )
    assert wrong("incidents", detected_at=TWICE)["detected_at"].endswith("say which of the two you mean.")


@pytest.mark.parametrize(("which", "utc"), [("0", "00:30"), ("1", "01:30")])
def test_the_one_that_was_meant_is_kept_and_shown_again(which: str, utc: str) -> None:
    alone = {name: "" for name in filled("incidents") if name.endswith("_at")}
    given = filled("incidents") | alone | {f"{PREFIX}detected_at": TWICE, f"{PREFIX}detected_at{WHICH}": which}
    fact = made("incidents", given)
    assert said(fact)["detected_at"] == f"2026-10-25T{utc}:00Z"
    again = form("incidents", typed("incidents", said(fact), LONDON))["detected_at"]
    assert (again.value, again.which_now) == (f"{TWICE}:00", which)


def test_an_hour_that_never_came_is_refused() -> None:
    assert form("incidents", {f"{PREFIX}detected_at": NEVER})["detected_at"].which == ()
    sentence = wrong("incidents", detected_at=NEVER)["detected_at"]
    assert "never happened in Europe/London" in sentence and sentence.endswith("choose another time.")


@pytest.mark.parametrize(
    ("kind", "field", "text", "sentence"),
    [
        ("incidents", "severity", "SEV9", "Severity: choose one of the list."),
        ("slos", "objective_percent", "100", "Objective percent: it should be less than 100."),
        ("sli_slices", "seconds", "1.5", "Seconds: 1.5 is no whole number."),
        ("budgets", "amount", "1,234", "Amount: '1,234' is no number; remove the thousands separators"),
        ("budgets", "currency", "usd", "Currency: Three capital letters, such as USD."),
        ("toil", "date", "yesterday", "Date: 'yesterday' is no day; write 2026-10-31."),
        ("incidents", "detected_at", "soon", "Detected at: 'soon' is no time"),
        ("toil", "person", "x" * 301, "Person: it should have at most 300 characters."),
        ("alerts", "silenced", "maybe", "Silenced: 'maybe' is neither true nor false."),
        ("incidents", "detected_at", "2126-10-05T09:00", "Detected at lies 3"),
    ],
)
def test_what_is_wrong_stands_at_its_field(kind: str, field: str, text: str, sentence: str) -> None:
    assert wrong(kind, **{field: text})[field].startswith(sentence)


@pytest.mark.parametrize(
    ("kind", "given", "field", "sentence"),
    [
        ("sli_slices", {"good": "3", "total": "2"}, "good", "Good (3) is more than total (2)."),
        ("shifts", {"ended_at": "2026-10-05T08:00"}, "ended_at", "Ended at lies before started at."),
        ("shifts", {"ended_at": "2026-10-05T09:00"}, "ended_at", "Ended at is not after started at."),
        ("incidents", {"model": "", "service": ""}, "model", "Neither model nor service is given; name one of them."),
        ("survey_responses", {"scale_max": ""}, "score", "A score needs scale min and scale max."),
    ],
)
def test_what_is_wrong_between_fields_stands_at_the_first_of_them(
    kind: str, given: dict[str, str], field: str, sentence: str
) -> None:
    assert wrong(kind, **given) == {field: sentence}


def test_what_the_door_refuses_stands_at_the_field_it_names() -> None:
    named = NotTaken(RowResult(1, "refused", "total", "total: too much"))
    assert refused("sli_slices", named) == [(f"{PREFIX}total", "Total: too much.")]
    unnamed = NotTaken(RowResult(1, "refused", None, "no SLO is known by the name 's1'; import the slos first"))
    assert refused("sli_slices", unnamed)[0][0] == f"{PREFIX}slo"
    assert refused("budgets", BadInput("'2026-13' is no period."))[0][0] == f"{PREFIX}period"
    assert refused("budgets", BadInput("It did not work."))[0][0] == f"{PREFIX}scope"


def test_lists_and_pairs_come_line_by_line() -> None:
    lists = made("models", filled("models") | {f"{PREFIX}aliases": " a \r\n\r\nb; c\n"})
    assert said(lists)["aliases"] == ["a", "b; c"]
    pairs = made("costs", filled("costs") | {f"{PREFIX}tags": "team = Search\r\nalone\r\na=b=c"})
    assert said(pairs)["tags"] == {"team": "Search", "alone": None, "a": "b=c"}
    assert typed("costs", said(pairs), LONDON)[f"{PREFIX}tags"] == "team = Search\nalone\na = b=c"


def test_what_a_class_no_longer_knows_is_passed_over() -> None:
    assert f"{PREFIX}moon" in typed("incidents", {"title": "x", "moon": "full"}, LONDON)
    assert "moon" not in form("incidents", typed("incidents", {"title": "x", "moon": "full"}, LONDON))


class TestWords:
    def test_every_hint_belongs_to_a_field_that_exists(self) -> None:
        known = {name for kind in KINDS for name in shapes(kind)}
        for key in fact_words.HINTS:
            kind, dot, name = key.partition(".")
            assert (name in shapes(kind)) if dot else (key in known), key
        assert set(fact_words.LABELS) <= known
        assert {*kind_words.ONE, *kind_words.MANY, *fact_words.NOTES} <= set(KINDS)

    @EVERY
    def test_no_label_hint_or_note_says_a_banned_word(self, kind: str) -> None:
        texts = [text for name in names(kind) for text in (fact_words.label(name), fact_words.hint(kind, name))]
        texts += [fact_words.summary(kind), kind_words.title(kind), kind_words.an(kind), *fact_words.notes(kind)]
        assert not [text for text in texts if re.search(BANNED, text, re.IGNORECASE)]

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("incidents", "an incident"),
            ("slos", "an SLO"),
            ("survey_responses", "a survey answer"),
            ("people", "a person"),
            ("toil", "toil"),
            ("usage", "usage"),
            ("capacity", "capacity"),
        ],
    )
    def test_one_fact_has_its_article(self, kind: str, words: str) -> None:
        assert kind_words.an(kind) == words

    def test_a_summary_calls_fields_as_the_form_does(self) -> None:
        assert '"Ready at" is when it was first approved' in fact_words.summary("model_versions")
        assert "`" not in "".join(map(fact_words.summary, KINDS))

    def test_facts_about_people_say_who_sees_them(self) -> None:
        assert {kind for kind in KINDS if fact_words.is_of_a_person(kind)} >= {"toil", "shifts", "skills", "capacity"}
        assert "managers see it" in fact_words.notes("toil")[0]
        assert "Nobody but you" in fact_words.notes("survey_responses")[0]
        assert fact_words.notes("incidents") == []
