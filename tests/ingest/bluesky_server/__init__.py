"""A real Bluesky server for tests, and the bridge from its firehose to the wire that Grapevine reads.

with a_pds() as pds, Bridge(pds.url) as bridge:
    alice = pds.account("alice")
    alice.post("The dam has burst")
    …  # config.toml: [sources.bluesky] hosts = [bridge.address]
"""

from tests.ingest.bluesky_server.bridge import Bridge
from tests.ingest.bluesky_server.pds import Account, Pds, a_pds

__all__ = ["Account", "Bridge", "Pds", "a_pds"]
