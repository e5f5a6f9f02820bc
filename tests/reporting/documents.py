"""Documents with defaults: a monthly report, and what tests put in its place."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ops_console.contracts.document import (
    Block,
    Chart,
    Document,
    Figure,
    Figures,
    Heading,
    Line,
    Lines,
    Note,
    Section,
    Table,
    Tone,
)

AS_OF = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 552 120" width="552" height="120">'
    '<rect width="552" height="120" fill="#fff"/><line x1="10" y1="30" x2="540" y2="30" stroke="#5f6977"/>'
    '<circle cx="40" cy="60" r="4" fill="#073a7b"/>'
    '<text x="10" y="110" font-family="Roboto" font-size="12">Oct ● &lt; 14 days</text></svg>'
)

SUMMARY = (
    Line("Inference SLO missed on 1 of 5 tier 1 endpoints: ranker-v4 99.84% of 99.90%, 160% of budget", "■", Tone.BAD),
    Line("Cost $48,210, 6% over the $45,500 budget; search-embed +$2,140 of +$3,340", "■", Tone.BAD, "https://x/cost"),
    Line("16 others inside their usual range; 2 without data", "●", Tone.GOOD),
)

FIGURES = Figures(
    (
        Figure("Deployments", "9", "Sep 7, target 2 to 10", "●", "On target", Tone.GOOD),
        Figure("Lead time, median", "8.5 days", "Sep 9.1 days, n=9", "●", "On target", Tone.GOOD),
        Figure("Change failure rate", "8.0%, 2 of 25", "could be 2 to 25%", "▲", "At risk", Tone.WATCH),
    )
)


def table(count: int = 5, **changes: Any) -> Table:
    return Table(
        **{
            "caption": "Tier 1 endpoints",
            "columns": ("Endpoint", "Objective", "Actual", "Budget used"),
            "rows": tuple((f"ranker-v{n} predictions", "99.90%", "99.84%", "160%") for n in range(count)),
            "numeric": frozenset({1, 2, 3}),
        }
        | changes
    )


def section(*blocks: Block, key: str = "deployments", title: str = "Deployment frequency", number: int = 1) -> Section:
    return Section(key, title, (Heading(title, number), *blocks))


def chart(key: str = "lead_time") -> Chart:
    return Chart(key, "Lead time stays in its usual range", "Median days, model ready to production, by month", SVG)


def document(*sections: Section, **changes: Any) -> Document:
    incident = Line("INC-142 SEV2 ranker-v4: restored after 1 h 12 min", "■", Tone.BAD, "https://x/incidents/INC-142")
    made = Document(
        report="monthly_operations",
        title="MLOps monthly report: October 2026",
        subject="MLOps monthly report, Oct 2026: 4 off target, cost 6% over",
        context="MLOps Platform · 14 models (5 tier 1) · 1 to 31 Oct 2026, Europe/London · compared with Sep",
        period_label="Oct 2026",
        run_id="r-2026-10-1",
        as_of=AS_OF,
        as_of_text="Data as of 4 Nov 2026 09:00 GMT · run r-2026-10-1 · figures are fixed",
        summary=SUMMARY,
        sections=sections
        or (
            section(FIGURES, chart(), Note("Source: MLflow, GitHub · as of 4 Nov 09:00 GMT")),
            section(Lines((incident,)), key="incidents", title="Incidents", number=2),
            section(table(), key="slos", title="SLO compliance", number=3),
        ),
        link="https://console.example/reports/runs/7",
        definitions_link="https://console.example/help/definitions",
        as_of_short="as of 4 Nov 2026 09:00 GMT",
    )
    return replace(made, **changes)
