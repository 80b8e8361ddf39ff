"""What the trained parts may use of this computer's CPU: asked of the machine, never taken from another one.

Precision, threads and how threads wait are chosen here, but for numpy's one thread: it is set in models/__init__.py,
before anything imports numpy. The sizes of batches are no such choice:
they change the low bits of what is read, so they are the same on every machine.
"""

import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUPS = Path("/proc/self/cgroup")


class Precision(StrEnum):
    """How exactly networks calculate. FLOAT32 is the reference: fast on any CPU, and what tests compare with."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


def fastest_precision() -> Precision:
    """The precision in which this CPU reads stances fastest. Imports torch.

    Only AMX makes bfloat16 the faster one. Measured (tests/benchmarks/stance_precision.py): 1.8 times as fast with
    AMX, 0.7 times with AVX-512 BF16 alone, 0.1 to 0.2 times with AVX2, where bfloat16 is imitated. ARM has not been
    measured; a wrong float32 costs less than a wrong bfloat16. The CPU is asked and not timed: on a busy machine a
    trial would choose by chance.
    """
    import torch

    # ATEN_CPU_CAPABILITY may hold torch back to less than the CPU has.
    in_use = torch.backends.cpu.get_cpu_capability()
    # Private, but in every torch that pyproject.toml allows; the public get_capabilities came with torch 2.11.
    has_amx = torch.cpu._is_amx_tile_supported()
    return Precision.BFLOAT16 if in_use == "AVX512" and has_amx else Precision.FLOAT32


def calculating_in(precision: Precision) -> AbstractContextManager:
    """The torch context in which networks calculate in a precision. Imports torch."""
    import torch

    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision is Precision.BFLOAT16)


def prepare_for_torch() -> None:
    """Set what torch and its libraries read from the environment when they are imported; call it before that."""
    os.environ.update(
        # Waiting threads sleep: spinning ones stall every other process. GNU's OpenMP has its own name for it.
        OMP_WAIT_POLICY="PASSIVE",
        GOMP_SPINCOUNT="0",
        HF_HUB_OFFLINE="1",
        TOKENIZERS_PARALLELISM="false",
        # Nothing is compiled here; torch would leave an empty folder of its own in the temporary one.
        TORCHINDUCTOR_CACHE_DIR=tempfile.gettempdir(),
    )


def limit_threads() -> None:
    """Let torch have no more threads than this process may use CPUs: it counts cores, not what a container grants."""
    import torch

    if usable_cpus() < torch.get_num_threads():
        torch.set_num_threads(usable_cpus())


def usable_cpus() -> int:
    """How many CPUs this process may use, at least 1: by its affinity and by the limits of its control groups."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min([allowed, *_granted_cpus()])))


def _granted_cpus() -> Iterator[float]:
    """The CPUs' worth of time that this process's control group, and each group above it, is limited to."""
    try:
        groups = OWN_CGROUPS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if controllers in ("", "cpu", "cpu,cpuacct"):
            # Version 2 has one hierarchy and names no controllers; version 1 has one for each.
            root = CGROUPS / controllers
            own = root / path.strip("/")
            for folder in (own, *own.parents):
                yield from _limit(folder)
                if folder == root:
                    break


def _limit(folder: Path) -> Iterator[float]:
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text(encoding="utf-8")
            period = (folder / "cpu.cfs_period_us").read_text(encoding="utf-8")
        if float(quota) > 0:
            yield float(quota) / float(period)
    except (OSError, ValueError):
        # No such file, or "max": no limit.
        return
