"""Facts in, records out: read, resolve, store, conclude."""
