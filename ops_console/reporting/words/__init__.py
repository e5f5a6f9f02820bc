"""A reading in words, the same in pages, e-mail, Slack, PDF and on the command line. Nothing here computes a figure.

`headline` is the large figure of a card; `value` is the shortest truthful form: the figure with everything that must
never be parted from it (its fraction, its median, its age, its gaps); `note` is what stands in grey beside a headline.
"""

from ops_console.measures.words.amounts import amount, between, bounds
from ops_console.measures.words.figures import headline, note, value
from ops_console.measures.words.states import action, as_of, period, source_line, state
from ops_console.reporting.words.ahead import ahead
from ops_console.reporting.words.annotations import annotation
from ops_console.reporting.words.caveats import at_least, caveats
from ops_console.reporting.words.commits import COMMITS, commit_spread, commits
from ops_console.reporting.words.judgement import (
    compared,
    delta,
    delta_tone,
    held_to,
    icon,
    interval,
    outlook,
    previous,
    signal,
    status,
    target,
    tone,
    usual,
)
from ops_console.reporting.words.outcomes import OUTCOME_COLUMNS, outcomes
from ops_console.reporting.words.restated import restated, restated_from

__all__ = [
    "COMMITS",
    "OUTCOME_COLUMNS",
    "action",
    "ahead",
    "amount",
    "annotation",
    "as_of",
    "at_least",
    "between",
    "bounds",
    "caveats",
    "commit_spread",
    "commits",
    "compared",
    "delta",
    "delta_tone",
    "headline",
    "held_to",
    "icon",
    "interval",
    "note",
    "outcomes",
    "outlook",
    "period",
    "previous",
    "restated",
    "restated_from",
    "signal",
    "source_line",
    "state",
    "status",
    "target",
    "tone",
    "usual",
    "value",
]
