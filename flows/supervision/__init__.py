"""What ``wirewatch up`` looks after: its processes, its home, and flow runs of an earlier life."""
