"""What the system knows: its nouns, its memory, its judgement."""
