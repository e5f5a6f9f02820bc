"""What happened, in words."""

import re

import pytest

from ops_console.measures.annotations import WRITTEN, Annotation, AnnotationKind
from ops_console.measures.definition import Bounds
from ops_console.reporting import words
from ops_console.reporting.words.annotations import KINDS
from tests.reporting.shown import BANNED, DAY, OCTOBER, reading

AT = OCTOBER.start


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Annotation(AT, text="code freeze"), "code freeze"),
        (Annotation(AT, AnnotationKind.INCIDENT, "feature store down"), "Incident: feature store down"),
        (Annotation(AT, AnnotationKind.DEFINITION, "hotfixes count"), "Definition change: hotfixes count"),
        (Annotation(AT, AnnotationKind.DEFINITION, version=2), "Definition version 2"),
        (Annotation(AT, AnnotationKind.DEFINITION, "no shadow", version=2), "Definition version 2: no shadow"),
        (Annotation(AT, AnnotationKind.TARGET, "Q4 plan", target=Bounds(high=10 * DAY)), "Target < 10 days: Q4 plan"),
        (Annotation(AT, AnnotationKind.TARGET), "No target from here on"),
        (Annotation(AT, AnnotationKind.BASELINE, "new cluster"), "New baseline: new cluster"),
    ],
)
def test_an_annotation_says_what_it_is(told: Annotation, said: str) -> None:
    assert words.annotation(reading(), told) == said
    assert not re.search(BANNED, said)


def test_every_kind_has_a_word() -> None:
    assert set(KINDS) == {*AnnotationKind} >= {*WRITTEN}
