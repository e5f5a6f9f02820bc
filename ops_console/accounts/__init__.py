"""Who may come in: accounts, roles, sign-ins, one-time links, API tokens. Knows nothing of HTTP."""
