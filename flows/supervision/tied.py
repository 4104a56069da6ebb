"""``python -m flows.supervision.tied PARENT MODULE ARGUMENT...``: run a module that ends when its parent does."""

from __future__ import annotations

import runpy
import sys

from flows.supervision.processes import end_with_parent


def main() -> None:
    """Tie this process to its parent, then be the module."""
    parent, module, *arguments = sys.argv[1:]
    end_with_parent(int(parent))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
