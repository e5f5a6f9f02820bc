"""Why each kind of fact is worth bringing in, in the order in which to begin."""

STEPS = {
    "models": "Who owns what: models and services with tier and team. Everything else is counted by them.",
    "deployments": "What went live, when: from a registry, a pipeline or serving.",
    "changes": "Commits and pull requests behind deployments.",
    "incidents": "What broke, and when it was restored.",
    "slos": "What was promised.",
    "sli_slices": "Whether the promises were kept, by the hour.",
    "costs": "The cloud bill, as FOCUS files.",
    "budgets": "What may be spent.",
    "survey_responses": "What data scientists think of the platform.",
    "alerts": "What fired, and whether it was worth waking somebody.",
    "shifts": "Who was on call, and when.",
    "quality_checks": "Whether data passed its checks before models saw it.",
    "degradations": "When a model became worse, and when that was mended.",
    "evaluations": "Whether a new version is as good as the one it replaces.",
    "reproductions": "Whether a version can be built again.",
    "steps": "Which steps of training and release run by themselves.",
    "documents": "Model cards, and when somebody last read them.",
    "findings": "Exceptions, policy violations and vulnerabilities, with their due dates.",
    "requests": "What teams asked for, and when they had it.",
    "experiments": "Questions tried out, to see which reach production.",
    "outcomes": "What models changed in the business.",
    "initiatives": "Improvement work, with the metric before and after.",
    "toil": "Manual work, by day.",
    "capacity": "The hours there are to work.",
    "positions": "Hiring against plan.",
    "skills": "What the team masters, and what it needs to.",
    "usage": "Inferences and GPU hours, for unit costs.",
}

TITLES = {"slos": "SLOs", "sli_slices": "SLO measurements"}
