"""A figure in words. They stand beside the reading, because whether a figure changed is asked of what people read."""

from ops_console.measures.words.figures import bare, headline, note, value

__all__ = ["bare", "headline", "note", "value"]
