"""Print what is told of outlets with which nothing is wrong, over a simulated year and the weeks of learning before it.

python tests/benchmarks/false_alarms.py [--outlets 24] [--days 435]

The outlets publish 3 to 120 articles a day by chance alone (``simulated_outlets.py``), with slow weekends, and each is
judged every midnight. 24 outlets and 435 days take some five minutes of one processor.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from simulated_outlets import MONDAY, Day, add_days, days_from, steady  # noqa: E402

from warehouse.expectations import Expectation  # noqa: E402
from warehouse.health.states import judge_outlets, record_changes  # noqa: E402
from warehouse.migrate import migrate  # noqa: E402

RATES = (3, 8, 15, 30, 60, 120)


def main() -> None:
    """Print each alarm, and their number."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--outlets", type=int, default=24)
    parser.add_argument("--days", type=int, default=435)
    args = parser.parse_args()
    courses = {
        f"outlet_{number:02}": steady(Day(rate=RATES[number % len(RATES)], spread=0.9))
        for number in range(args.outlets)
    }
    expectations = [Expectation(outlet_id=outlet_id) for outlet_id in courses]
    random = np.random.default_rng(1)
    told: Counter[str] = Counter()
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        migrate(con)
        for when in days_from(MONDAY, args.days):
            add_days(con, courses, [when], random)
            now = datetime(when.year, when.month, when.day, tzinfo=UTC) + timedelta(days=1)
            judgement = judge_outlets(con, expectations, now=now)
            record_changes(con, "run", judgement.outlets, judgement.checks, now=now)
            for change in judgement.checks:
                print(f"{when} {change.outlet_id} {change.state}: {change.sentence}", flush=True)
                told[change.state] += change.state != "ok"
    years = args.outlets * args.days / 365
    print(f"{told['warning']} warnings and {told['failing']} failing in {years:.1f} years of outlets")


if __name__ == "__main__":
    main()
