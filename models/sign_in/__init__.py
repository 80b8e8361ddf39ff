"""How people prove who they are: passwords, codes, one-time links, what slows guessing down, how long sessions last.

No file here knows the store. Secrets that must be read again (the second factor) are sealed by `sealing` before they
are given to the store, and opened after: the store keeps a text and needs no key.
"""
