"""Words, charts, snapshots, documents, delivery."""
