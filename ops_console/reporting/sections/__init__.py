"""The parts of reports: each a function from the snapshot to blocks, or to None where it has nothing to say."""
