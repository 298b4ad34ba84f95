"""The wallboard: a screen on a wall that looks at a room for weeks, and can do nothing else."""
