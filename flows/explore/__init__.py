"""``wirewatch explore``: a marimo app over the published file, on loopback and for reading only."""
