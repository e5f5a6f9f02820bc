"""One document, many renderings. Each is a pure function: the same document gives the same bytes."""
