-- Vectors of one encoder in the place of others', from the registered table "incoming".
-- Only where there is one: a vector that was erased stays erased.
update embeddings
set vector = incoming.vector, encoder = $encoder, known_at = $known_at
from incoming
where embeddings.incident = $incident and embeddings.flow = incoming.flow
