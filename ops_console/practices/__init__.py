"""What people decide: reviews of incidents, actions, verdicts. Facts about the world come in elsewhere."""
