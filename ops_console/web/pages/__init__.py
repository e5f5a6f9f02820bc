"""One module per group of pages; each offers `pages`."""
