"""The demo workspace, made by a deterministic generator."""
