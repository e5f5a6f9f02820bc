"""What a criterion looks at, in words and as a form offers it."""

from ops_console.records.criteria import ATTESTED, MONITOR, ROLLBACK

WORDS = {
    "owner": "An owner is named",
    "on_call": "Somebody is on call",
    "escalation": "An escalation is named",
    "runbook": "A runbook is linked",
    "slo": "It has a service level objective",
    "version": "A version is registered",
    "card": "It has a model card",
}
KINDS = {
    "attested": "Attested: its key stands in the catalog's paved_road list",
    **WORDS,
    "monitors": "It is watched by the monitors chosen below",
    "rollback": "Its rollback was tested within the days given below",
}
"""What a form offers, by the word it sends."""


def words(proof: str) -> str:
    """What proves it, as a sentence without its full stop."""
    parts = proof.split()
    monitors = [part.removeprefix(MONITOR) for part in parts if part.startswith(MONITOR)]
    told = [_word(part) for part in parts if not part.startswith(MONITOR)]
    if monitors:
        told.append(f"Watched for {', '.join(monitor.replace('_', ' ') for monitor in monitors)}")
    return "; ".join(told)


def _word(part: str) -> str:
    if part.startswith(ATTESTED):
        return f"Attested as {part.removeprefix(ATTESTED)}"
    if part.startswith(ROLLBACK):
        return f"Rollback tested within {part.removeprefix(ROLLBACK)} days"
    return WORDS.get(part, part)


def kind_of(proof: str) -> str:
    """The word a form sends for it."""
    if proof.startswith(MONITOR):
        return "monitors"
    return proof.partition(":")[0]
