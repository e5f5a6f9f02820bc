"""The weekly review: the agenda of the team's hour on the first working day."""

from datetime import time

from ops_console.core.periods import Grain
from ops_console.reporting.readers import Readers
from ops_console.reporting.report import Report
from ops_console.reporting.schedule import FirstWorkingDayOfWeek
from ops_console.reporting.sections.actions_due import actions_due
from ops_console.reporting.sections.cost_of_the_week import cost_of_the_week
from ops_console.reporting.sections.data_quality import data_quality
from ops_console.reporting.sections.decisions_asked import decisions_asked
from ops_console.reporting.sections.gates import gates
from ops_console.reporting.sections.incidents import incidents
from ops_console.reporting.sections.on_call import on_call
from ops_console.reporting.sections.risky_changes import risky_changes
from ops_console.reporting.sections.slo_compliance import slo_compliance

REPORT = Report(
    key="weekly_review",
    title="MLOps weekly review",
    question="What changed since last week, and what do we do about it this week?",
    grain=Grain.WEEK,
    schedule=FirstWorkingDayOfWeek(time(9)),
    sections=(
        incidents,
        slo_compliance,
        cost_of_the_week,
        on_call,
        gates,
        risky_changes,
        actions_due,
        decisions_asked,
        data_quality,
    ),
    readers=Readers.TEAM,
)
