"""``python -m newsroom``: the sample outlets on two ports of loopback until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from socket import socket

from newsroom.desk import Desk
from newsroom.sample_articles import Edition
from newsroom.sample_config import GAZETTE_PORT, OBSERVATORY_PORT, write_sample_config
from newsroom.server import ADDRESS, listening, make_server


def main() -> int:
    """Serve; exit code 2 where a port is taken."""
    options = read_options()
    with ExitStack() as stack:
        sockets: list[socket] = []
        for port in (options.observatory_port, options.gazette_port):
            try:
                sockets.append(stack.enter_context(listening(port)))
            except OSError as error:
                print(f"port {port} cannot be used: {error.strerror}; choose another one", file=sys.stderr)
                return 2
        observatory_port, gazette_port = (sock.getsockname()[1] for sock in sockets)
        if options.write_config is not None:
            write_sample_config(options.write_config, observatory_port=observatory_port, gazette_port=gazette_port)
        announce(observatory_port, gazette_port)
        desk = Desk(edition=Edition(options.edition))
        make_server(desk, observatory_port, gazette_port).run(sockets=sockets)
    return 0


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m newsroom", description=__doc__)
    parser.add_argument("--observatory-port", type=int, default=OBSERVATORY_PORT, help="0 takes a free one")
    parser.add_argument("--gazette-port", type=int, default=GAZETTE_PORT, help="0 takes a free one")
    parser.add_argument("--edition", choices=[str(edition) for edition in Edition], default=str(Edition.MORNING))
    parser.add_argument("--write-config", type=Path, metavar="DIR", help="copy config/sample there, with these ports")
    return parser.parse_args()


def announce(observatory_port: int, gazette_port: int) -> None:
    """Print the addresses, and how to change the edition."""
    observatory = f"http://{ADDRESS}:{observatory_port}"
    print(f"The Observatory: {observatory}/en/ and {observatory}/")
    print(f"The Gazette:     http://{ADDRESS}:{gazette_port}/")
    print(f"""The evening:     curl -d '{{"edition": "evening"}}' {observatory}/_newsroom/edition""", flush=True)


if __name__ == "__main__":
    sys.exit(main())
