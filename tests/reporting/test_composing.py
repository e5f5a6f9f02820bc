"""From a snapshot to the document: title, subject, context, marks, sections in their fixed order."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ops_console.contracts.document import Chart, Document, Figures, Heading, Line, Lines, Note, Table
from ops_console.measures.readings import DataState, Status
from ops_console.reporting.composing import document, subject
from ops_console.reporting.evidence import Change, Evidence, Incidents, TargetChange
from ops_console.reporting.snapshot import Snapshot
from reports.monthly_operations import REPORT
from tests.reporting import shown, snapshots
from tests.reporting.snapshots import off, quiet, snapshot, unconnected

LINK = "https://console.example/reports/runs/7"


def made(of: Snapshot | None = None, **more: tuple[str, ...]) -> Document:
    return document(REPORT, of or snapshots.october(), LINK, **more)


def section(key: str, of: Snapshot | None = None) -> list[object]:
    return next(list(part.blocks) for part in made(of).sections if part.key == key)


def said(blocks: list[object]) -> str:
    return "\n".join(str(block) for block in blocks if not isinstance(block, Chart))


def test_sections_stand_in_their_fixed_order_and_are_numbered() -> None:
    heads = [part.blocks[0] for part in made().sections]
    titles = [f"{head.number} {head.text}" for head in heads if isinstance(head, Heading)]
    assert titles == [
        "1 Deployment frequency",
        "2 Incidents",
        "3 SLO compliance",
        "4 Cost trends",
        "5 Scorecard",
        "6 Data quality",
        "7 Method",
    ]


def test_slack_carries_the_first_parts_and_method_stays_with_page_and_pdf() -> None:
    by_channel = {
        channel: [part.key for part in made().sections if channel in part.channels]
        for channel in ("slack", "email", "page", "pdf")
    }
    assert by_channel["slack"] == ["deployments", "incidents", "slos", "cost"]
    assert by_channel["email"] == [*by_channel["slack"], "scorecard", "data"]
    assert by_channel["page"] == by_channel["pdf"] == [*by_channel["email"], "method"]


def test_the_subject_counts_what_is_off_target_and_names_the_period() -> None:
    assert subject(snapshots.october()) == "MLOps monthly report, Oct 2026: 3 off target, cost 6.0% over"


def test_a_month_on_target_says_so() -> None:
    assert subject(snapshot()) == "MLOps monthly report, Oct 2026: all on target"
    nothing = snapshot(*(unconnected(key) for key in snapshots.KEYS))
    assert subject(nothing).endswith("nothing to judge yet")


def test_the_context_names_workspace_models_days_zone_and_comparison() -> None:
    assert made().context == (
        "MLOps Platform · 14 models (5 tier 1) · 1 to 31 Oct 2026, Europe/London · compared with Sep"
    )


def test_the_foot_says_when_the_figures_were_taken_and_that_they_stay() -> None:
    assert made().as_of_text == "Data as of 4 Nov 2026 09:00 GMT · run r-2026-10-1 · figures are fixed"
    draft = made(snapshots.october(is_draft=True, run="r-2026-10-draft"))
    assert draft.as_of_text.endswith("draft: figures may still change")


def test_a_late_report_is_marked_and_says_when_it_was_due() -> None:
    late = made(snapshots.october(is_late=True, due_at=datetime(2026, 11, 4, 9, tzinfo=UTC)))
    assert late.marks == ("LATE",)
    assert late.context.endswith("was due 4 Nov 2026 09:00 GMT")


def test_a_revision_says_why_and_what_changed() -> None:
    change = Change("mttr", "MTTR", "47 min mean", "52 min mean", "On target", "At risk")
    evidence = replace(snapshots.EVIDENCE, changes=(change,))
    revised = made(snapshots.october(revision=2, reason="INC-150 came late.", evidence=evidence))
    assert revised.marks == ("REVISED",)
    assert revised.sections[0].blocks == (Heading("What changed"), Note("INC-150 came late."))
    assert "MTTR was sent as 47 min mean (On target), now 52 min mean (At risk)" in said(
        list(revised.sections[5 + 1].blocks)
    )


def test_a_managers_note_stands_first_without_a_number() -> None:
    noted = made(snapshots.october(note="We moved two teams."))
    assert noted.sections[0].blocks == (Heading("Manager's note"), Note("We moved two teams."))
    assert noted.sections[1].blocks[0] == Heading("Deployment frequency", 1)


def test_deployments_never_stand_without_the_change_failure_rate() -> None:
    figures = next(block for block in section("deployments") if isinstance(block, Figures))
    assert [one.label for one in figures.figures] == [
        "Model deployments",
        "Lead time for model changes",
        "Change failure rate",
    ]


def test_a_figure_carries_note_target_previous_and_uncertainty() -> None:
    failure = quiet("change_failure_rate", interval_low=0.02, interval_high=0.25, window_days=90)
    figures = next(block for block in section("deployments", snapshot(failure)) if isinstance(block, Figures))
    last = figures.figures[-1]
    assert last.label == "Change failure rate, 90 days"
    assert (last.reads, last.note) == ("8.0%", "2 of 25 · Sep 7.8% · target < 10% · could be 2 to 25%")


def test_a_figure_without_status_says_why() -> None:
    reading = quiet("mttr", target=None, status=Status.NONE, status_reason="No target for this scope.")
    figures = next(block for block in section("incidents", snapshot(reading)) if isinstance(block, Figures))
    assert figures.figures[0].status == "No status: no target for this scope"


def test_tier_1_stands_beside_all_models_where_its_target_binds() -> None:
    tier_1 = off("mttr", scope=snapshots.TIER_1)
    found = snapshot(quiet("mttr", target=None, status=Status.NONE), tier_1=(tier_1,))
    assert "Tier 1 MTTR" in said(section("incidents", found))
    assert "Tier 1 MTTR" in said(section("scorecard", found))


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("deployments", ("model_deployments", "lead_time", "change_failure_rate")),
        ("incidents", ("mttr",)),
        ("slos", ("slo_attainment",)),
        ("cost", ("cost_vs_budget",)),
    ],
)
def test_a_section_without_a_source_says_what_would_light_it_up(key: str, keys: tuple[str, ...]) -> None:
    blocks = section(key, snapshot(*(unconnected(one) for one in keys)))
    notes = [block.text for block in blocks if isinstance(block, Note)]
    assert len(notes) == len(keys)
    assert all(re.match(r"Not connected: .* needs .+\.", note) for note in notes)


def test_incidents_are_counted_by_severity_and_compared() -> None:
    line = next(block for block in section("incidents") if isinstance(block, Lines)).lines[0]
    assert line.text == "2 began: SEV2 1, SEV3 1 (Sep 4)"


def test_a_month_without_incidents_says_so() -> None:
    calm = snapshots.october(evidence=Evidence(incidents=Incidents(before=3)))
    line = next(block for block in section("incidents", calm) if isinstance(block, Lines)).lines[0]
    assert line.text == "No incidents began in Oct 2026 (Sep 3)"


def test_a_cause_is_told_where_it_is_confirmed_and_by_whom() -> None:
    table = next(block for block in section("incidents") if isinstance(block, Table))
    assert [row[-1] for row in table.rows] == ["release 4.12 (confirmed by a person)", "not confirmed"]


def test_incidents_are_shown_in_the_workspace_zone_across_the_clock_change() -> None:
    table = next(block for block in section("incidents") if isinstance(block, Table))
    assert [row[3] for row in table.rows] == ["21 Oct 11:20", "25 Oct 01:30"]


def test_an_open_incident_is_open_and_has_no_duration() -> None:
    table = next(block for block in section("incidents") if isinstance(block, Table))
    assert [row[4] for row in table.rows] == ["1 h 12 min", "still open"]


@pytest.mark.parametrize(
    ("again", "told"), [({"broken_again_ms": 600_000}, "1 h 22 min"), ({"is_open_again": True}, "still open")]
)
def test_an_incident_that_broke_again_lasts_as_long_as_all_its_trouble(again: dict[str, Any], told: str) -> None:
    october = snapshots.october()
    kept = october.evidence.incidents
    one = replace(kept, rows=(replace(kept.rows[0], **again),))
    told_of = section("incidents", replace(october, evidence=replace(october.evidence, incidents=one)))
    table = next(block for block in told_of if isinstance(block, Table))
    assert [row[4] for row in table.rows] == [told]


def test_suggested_links_are_counted_and_count_nowhere() -> None:
    assert "1 suggested link waits for a person to confirm. Until then it makes no release a failed one." in said(
        section("incidents")
    )


def test_endpoints_stand_by_the_budget_they_used() -> None:
    table = next(block for block in section("slos") if isinstance(block, Table))
    assert table.caption == "Tier 1 endpoints"
    assert [row[0] for row in table.rows][:2] == ["ranker-v4", "fraud-scoring"]
    assert table.rows[0] == ("ranker-v4", "99.90%", "99.84%", "160%", "■ Missed")
    assert table.rows[-1][-1] == "○ Not enough data"


def test_cost_names_what_moved_it() -> None:
    table = next(block for block in section("cost") if isinstance(block, Table))
    assert table.rows[0] == ("search-embed", "$6,980", "$9,120", "+$2,140")


def test_money_in_other_currencies_and_unallocated_money_are_named() -> None:
    detail = {"other_currencies": {"EUR": "120.50"}, "unallocated": "1240.00", "unallocated_share": 0.026}
    text = said(section("cost", snapshot(quiet("cost_vs_budget", detail=detail))))
    assert "Not added up, in other currencies: €121." in text
    assert "Charged to no model: $1,240 (2.6%)." in text


def test_cost_is_told_by_purpose_where_the_bill_tells() -> None:
    detail = {"by_purpose": {"training": "30000", "inference": "18210.40"}}
    tables = list(section("cost", snapshot(quiet("cost_vs_budget", detail=detail))))
    by_purpose = next(block for block in tables if isinstance(block, Table) and block.caption == "By purpose")
    assert by_purpose.rows == (("training", "$30,000", "62%"), ("inference", "$18,210", "38%"))


def test_the_scorecard_lists_every_kpi_and_what_would_connect_the_missing() -> None:
    blocks = section("scorecard", snapshot(unconnected("stakeholder_satisfaction")))
    table = next(block for block in blocks if isinstance(block, Table))
    assert len(table.rows) == len(snapshots.KEYS)
    row = next(row for row in table.rows if row[0] == "DS/ML satisfaction")
    assert row[1:] == ("Not connected", "○ No status", "> 8", "No history", "Unknown")
    assert Note("Not connected: DS/ML satisfaction needs survey responses.") in blocks


def test_data_quality_names_gaps_exclusions_and_new_targets() -> None:
    change = TargetChange("MTTR", "Tier 1", datetime(2026, 10, 1, tzinfo=UTC), "< 1 h", "A. Lee", "Q4 plan")
    stale = quiet("mttr", data_state=DataState.STALE, data_reason="token rejected", excluded={"maintenance": 2})
    found = snapshot(stale, evidence=replace(snapshots.EVIDENCE, target_changes=(change,)))
    lines = next(block for block in section("data", found) if isinstance(block, Lines)).lines
    assert [line.text for line in lines] == [
        "MTTR: as of 4 Nov (token rejected)",
        "Left out of MTTR: maintenance (2)",
        "Target of MTTR (Tier 1) is < 1 h from 1 Oct, set by A. Lee: Q4 plan",
    ]


def test_a_month_without_gaps_says_that_sources_were_healthy() -> None:
    assert Note("All sources were healthy, and no rule changed in the period.") in section("data", snapshot())


def test_the_same_snapshot_gives_the_same_document() -> None:
    assert made() == made()


def test_no_banned_word_in_the_whole_report() -> None:
    texts = [*section_texts(made()), made().subject, made().context, made().as_of_text]
    found = [(text, match[0]) for text in texts if (match := re.search(shown.BANNED, text))]
    assert found == []


def section_texts(of: Document) -> list[str]:
    found: list[str] = [line.text for line in of.summary]
    for part in of.sections:
        for block in part.blocks:
            if isinstance(block, Lines):
                found += [line.text for line in block.lines]
            elif isinstance(block, Figures):
                found += [text for one in block.figures for text in (one.label, one.reads, one.note, one.status)]
            elif isinstance(block, Table):
                found += [block.caption, *block.columns, *(cell for row in block.rows for cell in row)]
            elif isinstance(block, Note | Heading):
                found.append(block.text)
    return found


def test_lines_carry_no_markup_because_renderers_escape() -> None:
    assert all(isinstance(line, Line) and "<" not in line.link for line in made().summary)
