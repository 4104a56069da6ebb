"""``wirewatch outlets add`` and ``outlets check``: looking at an outlet without writing to home."""
