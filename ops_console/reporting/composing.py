"""From a snapshot to the document that every channel renders. The same snapshot gives the same document."""

from collections.abc import Iterator
from dataclasses import replace

from ops_console.contracts.document import Document, Heading, Note, Section
from ops_console.core import units
from ops_console.measures.readings import Status
from ops_console.reporting import pieces
from ops_console.reporting.report import Report
from ops_console.reporting.snapshot import Snapshot
from ops_console.reporting.spoken import over
from ops_console.reporting.summary import summary

LATE, TEST, REVISED = "LATE", "TEST", "REVISED"


def document(report: Report, snapshot: Snapshot, link: str, marks: tuple[str, ...] = ()) -> Document:
    """The whole report. `link` is its page in the console."""
    facts = snapshot.facts
    taken = f"as of {units.instant(facts.taken_at, snapshot.zone)}"
    fixed = "draft: figures may still change" if facts.is_draft else "figures are fixed"
    return Document(
        report=report.key,
        title=f"{facts.title}: {units.period_title(facts.period)}",
        subject=subject(snapshot),
        context=context(snapshot),
        period_label=units.period_title(facts.period),
        run_id=facts.run,
        as_of=facts.taken_at,
        as_of_text=f"Data {taken} · run {facts.run} · {fixed}",
        summary=summary(snapshot),
        sections=tuple(_numbered(_sections(report, snapshot))),
        link=link,
        definitions_link=snapshot.url("/help/definitions"),
        marks=marks + (LATE,) * facts.is_late + (REVISED,) * (facts.revision > 1),
        as_of_short=taken,
    )


def subject(snapshot: Snapshot) -> str:
    """`MLOps monthly report, Oct 2026: 4 off target, cost 6% over`."""
    off = sum(reading.status is Status.OFF_TARGET for reading in snapshot.judged)
    judged = sum(reading.status is not Status.NONE for reading in snapshot.judged)
    said = [f"{off} off target" if off else "all on target" if judged else "nothing to judge yet"]
    cost = snapshot.reading("cost_vs_budget")
    if cost is not None and cost.value is not None and cost.value > 1:
        said.append(f"cost {over(cost)}")
    return f"{snapshot.facts.title}, {units.period_title(snapshot.facts.period)}: {', '.join(said)}"


def context(snapshot: Snapshot) -> str:
    """`MLOps Platform · 14 models (5 tier 1) · 1 to 31 Oct 2026, Europe/London · compared with Sep`."""
    facts, found, period = snapshot.facts, snapshot.evidence, snapshot.period
    models = f"{found.models} {'model' if found.models == 1 else 'models'} ({found.tier_1_models} tier 1)"
    parts = [
        facts.workspace,
        models if found.models else "",
        f"{units.span(period.first_day, period.last_day)}, {facts.zone}",
        f"compared with {units.period_name(period.previous().label)}",
    ]
    if facts.is_late and facts.due_at:
        parts.append(f"was due {units.instant(facts.due_at, snapshot.zone)}")
    return " · ".join(part for part in parts if part)


def _sections(report: Report, snapshot: Snapshot) -> Iterator[Section]:
    facts = snapshot.facts
    if facts.reason:
        yield Section("revision", "What changed", (Heading("What changed"), Note(facts.reason)))
    if facts.note:
        yield pieces.section("note", "Manager's note", [Note(facts.note)])
    for build in report.sections:
        section = build(snapshot)
        if section is not None:
            yield section


def _numbered(sections: Iterator[Section]) -> Iterator[Section]:
    """Numbers follow from the order; a note before the report has none."""
    number = 0
    for section in sections:
        if section.key in {"note", "revision"}:
            yield section
            continue
        number += 1
        head, *rest = section.blocks
        numbered = replace(head, number=number) if isinstance(head, Heading) else head
        yield replace(section, blocks=(numbered, *rest))
