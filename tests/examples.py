"""How many examples a property is tried on: few in every run, `OPS_CONSOLE_EXAMPLES` times as many when one looks."""

import os

FACTOR = int(os.environ.get("OPS_CONSOLE_EXAMPLES", "1"))


def examples(few: int) -> int:
    return few * FACTOR
