"""How good the judgement is: metrics, baselines and one scoring module a question. Gold labels are read here.

    gold.py        labelled files: what people decided, and the same posts without it
    outcome.py     what one run of the pipeline decided of one event
    metrics.py     pure functions over sequences
    rumours.py  early.py  likelihood.py  naming.py  stance.py     one question each: outcome and gold → a table
    baselines.py  trivial.py  cues.py     what must be beaten
    table.py       rows of figures as Markdown and JSON
    results.py     figures of folds, kept as JSON with the digests of what made them

Nothing that judges posts imports this package.
"""
