"""The monthly operations report: what leaders read on the third working day."""

from datetime import time

from ops_console.core.periods import Grain
from ops_console.reporting.report import Report
from ops_console.reporting.schedule import WorkingDayOfMonth
from ops_console.reporting.sections.cost_trends import cost_trends
from ops_console.reporting.sections.data_quality import data_quality
from ops_console.reporting.sections.decisions_asked import decisions_asked
from ops_console.reporting.sections.deployment_frequency import deployment_frequency
from ops_console.reporting.sections.incidents import incidents
from ops_console.reporting.sections.method import method
from ops_console.reporting.sections.reliability import reliability
from ops_console.reporting.sections.scorecard import scorecard
from ops_console.reporting.sections.slo_compliance import slo_compliance

REPORT = Report(
    key="monthly_operations",
    title="MLOps monthly report",
    question="Did we deliver and run models as promised, at what cost, and what needs a decision?",
    grain=Grain.MONTH,
    schedule=WorkingDayOfMonth(3, time(9)),
    sections=(
        deployment_frequency,
        incidents,
        slo_compliance,
        cost_trends,
        reliability,
        scorecard,
        decisions_asked,
        data_quality,
        method,
    ),
)
