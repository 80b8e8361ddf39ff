"""The proxies of dashboard/SERVER.md, started from the very text that the page shows."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.certificates import Pair
from tests.conftest import ROOT, missing
from tests.waiting import PATIENCE_SECONDS

KINDS = ("nginx", "caddy")
PREFIX = "/grapevine"
_CERTIFICATES = "/etc/ssl/grapevine"
# Where a checkout is tested by root, nginx would give its work to a user who may not read it.
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""
_CADDY = """{{
    admin off
    auto_https disable_redirects
}}
{server}
"""


def shown_in_the_page(kind: str) -> str:
    """The block of a kind, word for word."""
    text = (ROOT / "dashboard" / "SERVER.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"(?s)```{kind}\n(.*?)```", text)
    return block


def for_this_test(kind: str, port: int, to_port: int, pair: Pair, prefix: str) -> str:
    """The block with the ports and files of a test; without a prefix as the page says to take it away."""
    block = shown_in_the_page(kind)
    changes = [(_CERTIFICATES, str(pair.certificate.parent)), ("127.0.0.1:8050", f"127.0.0.1:{to_port}")]
    if kind == "nginx":
        changes.append(("listen 443", f"listen 127.0.0.1:{port}"))
    else:
        changes.append((".police.uk {", f".police.uk:{port} {{"))
    if not prefix:
        block = re.sub(r".*\bredir .*\n", "", block)
        changes.append((f"{PREFIX}/", "/"))
    for before, after in changes:
        assert before in block, f"{kind}: the page no longer says {before}"
        block = block.replace(before, after)
    return block


@contextmanager
def a_proxy(kind: str, folder: Path, to_port: int, pair: Pair, prefix: str, port: int) -> Iterator[None]:
    """The proxy in a process of its own, once it takes connections at `port`."""
    program = shutil.which(kind, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if program is None:
        missing(f"no {kind} on this computer (Debian: apt-get install {'nginx-light' if kind == 'nginx' else kind})")
    folder.mkdir()
    block = for_this_test(kind, port, to_port, pair, prefix)
    file = folder / kind
    if kind == "nginx":
        user = "user root;" if os.geteuid() == 0 else ""
        file.write_text(_NGINX.format(folder=folder, server=block, user=user), encoding="utf-8")
        command = [program, "-p", str(folder), "-c", str(file)]
    else:
        file.write_text(_CADDY.format(server=block), encoding="utf-8")
        command = [program, "run", "--config", str(file), "--adapter", "caddyfile"]
    homes = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **homes})
    try:
        _wait_for(port, process, folder / "log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer after {PATIENCE_SECONDS} s: {log.read_text(errors='replace')}")
