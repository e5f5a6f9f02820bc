"""OpenSLO: service level objectives as they are written down, with those of sloth and Pyrra."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import Option, Secret

MANIFEST = Manifest(
    key="openslo",
    title="OpenSLO YAML",
    roles=("collector", "reader"),
    settings=(),
    summary="Service level objectives from YAML of OpenSLO v1, sloth or Pyrra: a file, an upload, or a path in git.",
    facts=("slos",),
    brings=(
        "Objectives with their window, rolling or by calendar, and how they are counted.",
        "What each measures: good or bad of all events, or a threshold.",
        "The model or service each is about.",
    ),
    options=(
        Option(
            "addresses",
            "Addresses of the files",
            hint="One a line: the raw address on a forge, such as "
            "https://api.github.com/repos/acme/slos/contents/ranker.yaml",
            required=True,
            many=True,
            is_address=True,
        ),
    ),
    secrets=(Secret("token", "Token", hint="Where the files are not public; all of them then lie on one host."),),
    permissions=("To read the files (on GitHub, Contents: read)",),
    minutes=60,
    grade=Grade.GOLD,
    guide="https://github.com/OpenSLO/OpenSLO",
)
