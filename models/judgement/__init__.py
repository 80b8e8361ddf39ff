"""Post → rumour: copies gathered into flows, flows into rumours, and what is suggested of each.

judges.py          whose turn it is: wakes the pipeline of each incident
pipeline.py        reads the posts not judged yet, judges them, saves them: one batch, one transaction
incident_state.py  what the pipeline remembers of one incident, put together of the next three
flows.py           which posts are copies of each other
conversations.py   which posts answer or quote which
rumour_book.py     each rumour's counts, title, score, and whether it is on the board
embed.py           text → vector, in a child process (child_process.py)
resemblance.py     how much two flows are alike in meaning, words and time; they need not be copies
cluster.py         which flows make one claim (local_cut.py, name_book.py)
suggestions.py     which rumours may be one claim; people decide
flow_stances.py    the stance of flows toward their rumour's title
stance.py          support, deny, query or comment (stance_network.py, stance_cues.py)
features.py  likelihood.py  naming.py  surfacing.py     what a rumour looks like, its score, its title, its rule
cpu.py             precision and threads that suit this computer
"""
