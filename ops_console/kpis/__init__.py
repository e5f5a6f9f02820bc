"""One file per KPI, and nothing else."""
