"""How sources reach the network: the bounded HTTP client and the followed socket."""
