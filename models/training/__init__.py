"""Making the trained parts of the judgement from labelled posts; never imported by what runs live."""
