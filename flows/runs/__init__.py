"""What a run is made of: its resources, its stages for each outlet, and what it tells of itself."""
