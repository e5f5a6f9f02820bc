"""Points computed from records, read as readings; targets."""
