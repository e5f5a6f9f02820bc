"""What happened, in words."""

from dataclasses import replace

from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.readings import Reading
from ops_console.reporting.words.judgement import target

KINDS = {
    AnnotationKind.NOTE: "Note",
    AnnotationKind.RELEASE: "Release",
    AnnotationKind.INCIDENT: "Incident",
    AnnotationKind.BUDGET: "Budget",
    AnnotationKind.DEFINITION: "Definition change",
    AnnotationKind.TARGET: "Target",
    AnnotationKind.BASELINE: "Baseline",
}


def annotation(r: Reading, told: Annotation) -> str:
    """`Target < 10 days: Q4 plan`, `Definition version 2: shadow traffic left out`, or what a person wrote."""
    if told.kind is AnnotationKind.TARGET:
        is_set = f"Target {target(replace(r, target=told.target))}" if told.target else "No target from here on"
        return _with(is_set, told.text)
    if told.version is not None:
        return _with(f"Definition version {told.version}", told.text)
    if told.kind is AnnotationKind.BASELINE:
        return _with("New baseline", told.text)
    return told.text if told.kind is AnnotationKind.NOTE else f"{KINDS[told.kind]}: {told.text}"


def _with(what: str, why: str) -> str:
    return f"{what}: {why}" if why else what
