"""From the address of a site to the sources that list its articles, ranked and proven, and the outlet's file."""

from extractors.discover.autodiscovery.outlet_files import outlet_of, write_outlet_file
from extractors.discover.autodiscovery.proposals import Proposal, propose
from extractors.discover.autodiscovery.search import Discovery, find_sources

__all__ = ["Discovery", "Proposal", "find_sources", "outlet_of", "propose", "write_outlet_file"]
