"""The flows and the command line: the only folder that knows Prefect and reads the environment.

Importing it turns telemetry off before anything can import Prefect, which reads the switch once.
"""

import os

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
