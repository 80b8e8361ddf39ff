"""What the commands say of the service's own sign-in: where it is, and what is missing, in one line."""

from functools import partial

import pytest

from tests.dashboard.provider.real.server import free_port
from tests.dashboard.test_commands import run_in

TABLE = """
[sign_in.provider]
issuer = "https://login.example"
name = "Northgate ID"
client_id = "grapevine"
client_secret_env = "GRAPEVINE_TEST_SECRET"
groups = [{ group = "g", role = "duty", service = "Northgate Police" }]
"""


@pytest.fixture
def grapevine(tmp_path):
    (tmp_path / "config.toml").write_text(TABLE, encoding="utf-8")
    return partial(run_in, tmp_path)


def test_doctor_says_who_signs_people_in_and_not_the_secret(grapevine):
    told = grapevine("doctor", GRAPEVINE_TEST_SECRET="the very secret")
    assert "Sign-in: Northgate ID (https://login.example) and accounts here" in told.stdout
    assert told.returncode == 0, told.stdout
    assert "the very secret" not in told.stdout + told.stderr


def test_without_its_secret_it_does_not_start_and_says_what_to_set(grapevine):
    problem = "config.toml [sign_in.provider]: the environment variable GRAPEVINE_TEST_SECRET is not set."
    for command in (("doctor",), ("run", "--no-browser", "--port", free_port())):
        told = grapevine(*command)
        assert told.returncode != 0
        assert problem in " ".join((told.stdout + told.stderr).split())
        assert "Traceback" not in told.stderr
