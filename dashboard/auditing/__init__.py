"""How the dashboard keeps the audit: who looked at what is entered, and the chain is checked."""
