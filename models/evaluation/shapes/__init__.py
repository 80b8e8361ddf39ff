"""The bench of shapes: incidents of every shape, judged by what never saw them; mean and worst of each shape.

incidents.py   which incidents there are, their shapes, and the folds that leave them out
invented.py    small incidents of our own making, each of one difficulty
languages.py   the words of one of them
board.py       what the board shows: early, pieces, coverage, purity, official words
figures.py     one run → all figures of an incident
tables.py      runs → tables, with the mean and the worst of each shape
baselines.py   what must be beaten, over the same incidents
"""
