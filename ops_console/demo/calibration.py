"""Figures measured on real, published histories, so that the demo looks like work and not like dice.

Each constant names what it was measured on; the folders are those of the samples the tests read. Figures marked
"assumed" have no history behind them.
"""

QUIET_WEEKS = 0.345
"""Weeks without a production model deployment: Lift Wing, 168 weeks."""

ACTIVE_WEEK_SIGMA = 1.26
"""Spread of releases in weeks that are not quiet: Lift Wing, median 2, p90 10, most 25 (log-normal)."""

WEEKDAYS = (106, 74, 129, 102, 94, 0, 0)
"""Production model deployments from Monday to Sunday: Lift Wing."""

HOURS = {6: 20, 7: 37, 8: 46, 9: 75, 10: 62, 11: 27, 12: 43, 13: 41, 14: 54, 15: 58, 16: 29, 17: 4}
"""Production model deployments by hour of the day: Lift Wing."""

CONFIG_PER_RELEASE = 0.50
"""Configuration changes for each model deployment: Lift Wing, 252 to 505."""

FAILED_CHANGES = 0.077
"""Deployments that failed in production: 111 of 1,436 in bugbug, notifications-admin, TGI and Lift Wing together."""

FIXED_BY_ROLLBACK = 0.44
"""Failures undone by a revert or rollback, the rest by a hotfix: 56 of 126 fixes in the same four histories."""

FAILED_ROLLOUTS = 0.06
"""Roll-outs that never went live (assumed; 24% of all runs in ci-runs failed, most of them before deploying)."""

READY_TO_LIVE_HOURS = (140.0, 1.15)
"""Median and log-normal sigma: changes in TGI wait 164 h in the median and 718 h at p90; the median is set lower."""

COMMITS_PER_RELEASE = (2.0, 1.17)
"""Median and sigma: notifications-admin, median 2, p90 9."""

COMMIT_TO_LIVE_HOURS = (118.0, 1.33)
"""Median and sigma: notifications-admin, median 118 h, p90 648 h."""

BOT_CHANGES = 0.14
"""Changes made by bots: between 0 (TGI) and 0.42 (bugbug); the mean of the three histories."""

RESTORE_HOURS = (1.283, 1.115)
"""Median and sigma: 329 timed incidents of LLM services, median 1.3 h, p90 5.4 h, mean 2.8 h, longest 82 h."""

SEVERITIES = {"SEV1": 46, "SEV2": 125, "SEV3": 141, "SEV4": 52}
"""Incidents of LLM services by impact: critical, major, minor, none."""

INCIDENTS_ON_A_BAD_DAY = {1: 182, 2: 61, 3: 15, 4: 4}
"""Days with an incident by how many they had: LLM services."""

MAINTENANCE = 0.03
"""Announced maintenance among incidents: GitHub 10 of 399 (Jenkins, which posts every maintenance, has 0.48)."""

UNTAGGED_SHARE = 0.04
"""Money without a model's tag (assumed; 29% of the rows of the real FOCUS file carry no tag, little of its money)."""

SURVEY_SCORES = {1: 12, 2: 11, 3: 20, 4: 18, 5: 48, 6: 66, 7: 100, 8: 183, 9: 177, 10: 365}
"""Answers by score, per thousand: CNCF maintainers, 3,961 answers in 4 waves."""

INVITED, ANSWERING = 22, 0.64
"""People asked each quarter and the share that answers (assumed)."""
