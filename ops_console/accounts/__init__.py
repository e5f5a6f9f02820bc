"""Who may come in: accounts, sign-ins, links, tokens. Knows nothing of HTTP."""
