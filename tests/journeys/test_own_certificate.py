"""A Grapevine that other computers reach by its own certificate, and the commands beside it."""

import subprocess

import pytest

from tests.certificates import HOST, a_certificate
from tests.journeys.server import GRAPEVINE, Server

OPEN = ("incident", "open", "Northgate flood", "--watch", "dam")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    pair = a_certificate(folder / "certificates")
    (folder / "config.toml").write_text(
        f'[server]\nlisten = "0.0.0.0"\npublic_url = "https://{HOST}"\n'
        f'tls_certificate = "{pair.certificate}"\ntls_key = "{pair.key}"\n',
        encoding="utf-8",
    )
    running = Server(folder, "run", trusting=pair.trusting()).start()
    yield running
    assert running.stop() == 0, running.said()


def test_it_says_the_address_that_people_open(server):
    assert f"The board is at https://{HOST}/" in server.said()
    assert server.health()["well"]


def test_the_commands_beside_it_ask_it_by_its_certificate(server):
    assert "Northgate flood" in server.command(*OPEN)
    assert server.health()["incidents"] == 1


def test_the_commands_go_on_after_a_renewal(server):
    a_certificate(server.folder / "certificates")
    assert "Market fire" in server.command("incident", "open", "Market fire", "--watch", "fire")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('listen = "0.0.0.0"', "is open to other computers"),
        (f'listen = "0.0.0.0"\npublic_url = "https://{HOST}"', "is open to other computers"),
        (
            f'listen = "0.0.0.0"\npublic_url = "https://{HOST}"\ntls_certificate = "no.pem"\ntls_key = "no.pem"',
            "no.pem: No such file or directory",
        ),
    ],
)
def test_it_does_not_start_where_it_would_speak_in_the_clear(tmp_path, table, says):
    (tmp_path / "config.toml").write_text(f"[server]\n{table}\n", encoding="utf-8")
    ended = subprocess.run(
        [GRAPEVINE, "run", "--no-browser"],
        cwd=tmp_path,
        env={**Server(tmp_path).environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode != 0
    said = " ".join(ended.stderr.split())
    assert says in said
    assert "Traceback" not in said
