"""What SageMaker's usage types are for, such as USE1-Host:ml.m5.large: the word before the colon says it."""

import re

USAGE = re.compile(r"(?:[A-Z0-9]+-)?(Train|Host|AsyncInf|ServerlessInf|Tsform|Notebk|Studio)[:_]")
PURPOSES = {
    "Train": "training",
    "Host": "inference",
    "AsyncInf": "inference",
    "ServerlessInf": "inference",
    "Tsform": "inference",
    "Notebk": "experimentation",
    "Studio": "experimentation",
}


def purpose(usage_type: str) -> str | None:
    """Nothing where the usage type does not say: data are processed for training as well as for inference."""
    found = USAGE.match(usage_type)
    return PURPOSES[found[1]] if found else None
