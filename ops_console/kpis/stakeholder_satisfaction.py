"""DS/ML satisfaction: what the people we serve say."""

from sqlalchemy import BigInteger, case, cast, literal, null, select
from sqlmodel import col

from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.scores import MeanScore
from ops_console.records.surveys import SurveyResponse


def stakeholder_satisfaction() -> MeanScore:
    """Mean score of the latest survey wave, on the survey's own scale. The headline is the question whose key is, or
    begins with, `satisfaction` or `overall`; where there is none, the mean over all scored answers. The promoter score
    (share of 9 and 10 minus share of 6 and below, with its margin) comes from `recommend` or `nps`, else from the
    headline. Scales that end at 10 are judged against the target; others are shown as they are. Below five answers
    nothing is shown, neither for a wave nor for a group, and a hidden group cannot be found by subtraction. The answers
    of a wave are read over the year that ends with the period.
    """
    rows = select(
        col(SurveyResponse.anchored_at).label("anchor"),
        cast(null(), BigInteger).label("entry_id"),
        col(SurveyResponse.id).label("record_id"),
        col(SurveyResponse.question).label("label"),
        case(
            (col(SurveyResponse.deleted_at).is_not(None), literal("deleted")),
            (col(SurveyResponse.score).is_(None), literal("no score")),
            else_=null(),
        ).label("excluded"),
        col(SurveyResponse.group).label("team"),
        col(SurveyResponse.survey).label("survey"),
        col(SurveyResponse.wave).label("wave"),
        col(SurveyResponse.question).label("question"),
        col(SurveyResponse.scale_min).label("scale_min"),
        col(SurveyResponse.scale_max).label("scale_max"),
        col(SurveyResponse.score).label("score"),
    )
    return MeanScore(rows=(rows,), record="survey")


DEFINITION = Definition(
    key="stakeholder_satisfaction",
    number=18,
    title="DS/ML satisfaction",
    question="What do the teams we serve think?",
    formula="Mean score of the latest survey wave",
    unit=Unit.SCORE,
    better=Better.HIGHER,
    compute=stakeholder_satisfaction,
    targets={None: Bounds(low=8)},
    window_days=365,
    minimum=5,
    facts=("survey_responses",),
    statistic="mean",
    best=10,
    lasting=True,
    nothing="No answers yet",
)
