"""FOCUS: cost files by address or in a folder, read again whenever they change."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import Option, Secret

MANIFEST = Manifest(
    key="focus",
    title="FOCUS files",
    roles=("collector",),
    settings=(),
    summary="Costs of any cloud or tool that writes FOCUS 1.0 to 1.4, by address or in a folder.",
    facts=("costs",),
    brings=(
        "Costs from FOCUS files as Azure, Oracle, Alibaba, LiteLLM and others write them: CSV or JSON Lines, packed "
        "or not.",
        "A file is read again when it has changed; each billing period it holds replaces what it said of it before.",
        "For a file that comes once, the upload page or ops-console import costs FILE does the same.",
    ),
    options=(
        Option(
            "addresses",
            "Addresses",
            hint="One a line: https://files.example.com/focus/2026-10.csv.gz. Addresses that hold a key or a "
            "signature are secrets; name the place they lie in below.",
            many=True,
        ),
        Option(
            "files",
            "Files",
            hint="One a line, below the folder that OPS_CONSOLE_FILES_FOLDER names; * stands for any part of a name, "
            "such as azure/*.csv.gz.",
            many=True,
        ),
    ),
    secrets=(
        Secret("secret_addresses", "Addresses that are secret", hint="One a line, such as presigned ones."),
        Secret("authorization", "Authorization", hint="What is sent to every address as the header of that name."),
    ),
    permissions=("To read the files, and no more",),
    minutes=60,
    grade=Grade.GOLD,
    guide="https://focus.finops.org/focus-specification/",
)
