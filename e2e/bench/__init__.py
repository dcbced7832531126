"""Benchmarks of the lab: ours, the floor (bare calls for the same work) and the ratio."""
