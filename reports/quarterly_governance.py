"""The quarterly governance report: whether models are documented, reproducible and audit-ready."""

from datetime import time

from ops_console.core.periods import Grain
from ops_console.reporting.report import Report
from ops_console.reporting.schedule import WorkingDayOfQuarter
from ops_console.reporting.sections.cost_trends import cost_trends
from ops_console.reporting.sections.data_quality import data_quality
from ops_console.reporting.sections.decisions_asked import decisions_asked
from ops_console.reporting.sections.governance import (
    audit_readiness,
    automation,
    model_documentation,
    people,
    reproducibility,
)
from ops_console.reporting.sections.method import method
from ops_console.reporting.sections.scorecard import scorecard

REPORT = Report(
    key="quarterly_governance",
    title="MLOps governance report",
    question="Are our models documented, reproducible and audit-ready, and what must be decided?",
    grain=Grain.QUARTER,
    schedule=WorkingDayOfQuarter(5, time(9)),
    sections=(
        model_documentation,
        reproducibility,
        audit_readiness,
        automation,
        people,
        cost_trends,
        scorecard,
        decisions_asked,
        data_quality,
        method,
    ),
)
