"""What people ask from where they talk: kept at once, answered in the background, done once."""
