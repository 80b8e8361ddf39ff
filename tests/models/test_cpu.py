"""What the trained parts use of a CPU is asked of that CPU: precision, threads, and how threads wait."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.judgement import cpu
from models.judgement.cpu import Precision, fastest_precision, limit_threads, prepare_for_torch, usable_cpus

ROOT = Path(__file__).parents[2]


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.mark.parametrize(
    ("in_use", "has_amx", "precision"),
    [
        ("AVX512", True, Precision.BFLOAT16),
        ("AVX512", False, Precision.FLOAT32),
        ("AVX2", False, Precision.FLOAT32),
        # The CPU has AMX, but torch is held back.
        ("AVX2", True, Precision.FLOAT32),
        ("SVE256", False, Precision.FLOAT32),
        ("DEFAULT", False, Precision.FLOAT32),
    ],
)
def test_stances_are_read_in_bfloat16_only_where_the_cpu_has_amx(torch, monkeypatch, in_use, has_amx, precision):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: in_use)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has_amx)
    assert fastest_precision() is precision


def test_torch_can_be_asked_on_this_very_machine(torch):
    assert fastest_precision() in Precision


def test_a_torch_that_is_held_back_to_avx2_reads_in_float32(torch):
    script = "from models.judgement.cpu import fastest_precision; print(fastest_precision())"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "ATEN_CPU_CAPABILITY": "avx2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "float32"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of 64 CPUs whose control groups a test writes down; the folder that holds them."""
    monkeypatch.setattr(cpu.os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    monkeypatch.setattr(cpu, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(cpu, "OWN_CGROUPS", tmp_path / "own")
    return tmp_path


def limited(machine: Path, own: str, limits: dict[str, str]) -> None:
    """The process is in the groups that `own` lists; `limits` are the files of those groups."""
    (machine / "own").write_text(own)
    for name, content in limits.items():
        file = machine / "cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def test_without_limits_every_cpu_of_the_affinity_may_be_used(machine):
    assert usable_cpus() == 64
    limited(machine, "0::/\n", {"cpu.max": "max 100000\n"})
    assert usable_cpus() == 64


def test_a_container_uses_as_many_cpus_as_it_is_granted(machine):
    limited(machine, "0::/\n", {"cpu.max": "400000 100000\n"})
    assert usable_cpus() == 4


def test_part_of_a_cpu_counts_as_one(machine):
    limited(machine, "0::/\n", {"cpu.max": "250000 100000\n"})
    assert usable_cpus() == 3
    limited(machine, "0::/\n", {"cpu.max": "5000 100000\n"})
    assert usable_cpus() == 1


def test_the_tightest_limit_of_all_groups_above_counts(machine):
    limited(
        machine,
        "0::/system/grapevine\n",
        {"system/cpu.max": "200000 100000\n", "system/grapevine/cpu.max": "800000 100000\n"},
    )
    assert usable_cpus() == 2


@pytest.mark.parametrize("path", ["/", "/docker/4f1c"])
def test_an_older_control_group_limits_too(machine, path):
    # In a container the path is the host's, while its own group is mounted at the root.
    limited(
        machine,
        f"5:memory:/\n3:cpu,cpuacct:{path}\n",
        {"cpu,cpuacct/cpu.cfs_quota_us": "300000\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"},
    )
    assert usable_cpus() == 3
    limited(machine, f"3:cpu,cpuacct:{path}\n", {"cpu,cpuacct/cpu.cfs_quota_us": "-1\n"})
    assert usable_cpus() == 64


@pytest.mark.parametrize("own", ["", "0::/../elsewhere\n", "0::/gone\n"])
def test_groups_that_cannot_be_read_limit_nothing(machine, own):
    limited(machine, own, {})
    assert usable_cpus() == 64


def test_a_machine_without_affinity_uses_all_its_cpus(machine, monkeypatch):
    monkeypatch.delattr(cpu.os, "sched_getaffinity")
    monkeypatch.setattr(cpu.os, "cpu_count", lambda: 8)
    assert usable_cpus() == 8
    monkeypatch.setattr(cpu.os, "cpu_count", lambda: None)
    assert usable_cpus() == 1


@pytest.mark.parametrize(("usable", "threads"), [(2, 2), (8, 4)])
def test_torch_has_no_more_threads_than_there_are_usable_cpus(torch, monkeypatch, usable, threads):
    had = [4]
    monkeypatch.setattr(torch, "get_num_threads", lambda: had[-1])
    monkeypatch.setattr(torch, "set_num_threads", had.append)
    monkeypatch.setattr(cpu, "usable_cpus", lambda: usable)
    limit_threads()
    assert had[-1] == threads


def test_waiting_threads_sleep_with_any_openmp(monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.setenv("GOMP_SPINCOUNT", "300000")
    for name in ("HF_HUB_OFFLINE", "TOKENIZERS_PARALLELISM", "TORCHINDUCTOR_CACHE_DIR"):
        monkeypatch.setenv(name, "")
    prepare_for_torch()
    assert (os.environ["OMP_WAIT_POLICY"], os.environ["GOMP_SPINCOUNT"]) == ("PASSIVE", "0")


def test_nothing_but_this_module_chooses_a_precision_a_number_of_threads_or_how_they_wait():
    chosen_here = {"autocast", "bfloat16", "set_num_threads", "cpu_count", "GOMP_SPINCOUNT", "OMP_NUM_THREADS"}
    elsewhere = {
        path.relative_to(ROOT).as_posix(): sorted(found)
        for folder in ("models", "ingest", "dashboard")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(cpu.__file__) and (found := chosen_here & set(_words(path)))
    }
    # Two places of the networks are always exact, whatever is chosen for the rest.
    assert elsewhere == {"models/judgement/stance_network.py": ["autocast"]}


def _words(path: Path) -> list[str]:
    """The names and the short strings that a module uses."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    named += [keyword.arg for node in nodes if isinstance(node, ast.Call) for keyword in node.keywords if keyword.arg]
    return named + [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("process", ["dashboard.commands", "models.judgement.embed"])
def test_linear_algebra_has_one_thread_in_every_process_of_ours(process):
    """numpy's library reads how many it may have when it is loaded: too late is as bad as never."""
    script = """import os, sys
class Look:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print(os.environ.get("OPENBLAS_NUM_THREADS"))
sys.meta_path.insert(0, Look())
import {process}"""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", script.format(process=process)]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["1"]
