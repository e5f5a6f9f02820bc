"""One module per measured thing; each offers `measure(bench)`."""
