"""What acts there are on a rumour, and the state that follows each."""

from models.domain.acts import Act
from models.domain.rumours import State

# The acts that a reason alone decides, and a correction.
STATE_AFTER = {
    Act.TAKE: State.ASSESSING,
    Act.PARK: State.WATCHING,
    Act.DISMISS: State.DISMISSED,
    Act.CLOSE: State.CLOSED,
    Act.REOPEN: State.WATCHING,
    Act.CORRECT: State.ANSWERED,
}
# The acts on which flows make one claim.
REARRANGING = frozenset({Act.MERGE, Act.REFUSE, Act.SPLIT, Act.MOVE})
# What another act can take back.
UNDOABLE = REARRANGING | {Act.ASSIGN}
# Who answers for a rumour is whoever took it, or was assigned it, last.
OWNING = frozenset({Act.TAKE, Act.ASSIGN})
# The name under which the model's own judgements are recorded.
MODEL = "model"
