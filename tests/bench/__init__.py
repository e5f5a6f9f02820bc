"""How fast the console is, beside plain SQL on the same data: `python -m tests.bench [S|M|L]`."""
