"""The nouns of Grapevine, as frozen values without input or output.

Words: an *incident* is what the control room works on; a *post* is one item as it came; a *flow* is a post and
its copies; a *rumour* is flows that make or answer one claim; *stance* is a flow's bearing on that claim.
None always means "not known", never zero.
"""
