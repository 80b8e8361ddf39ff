"""The table [sign_in.provider]: what is refused in one line before anybody is sent anywhere."""

import pytest

from models.config import packaged_config, read_settings
from models.domain.users import Grant, Role
from models.errors import ConfigError
from models.provider_settings import is_safe_address

GROUPS = 'groups = [{ group = "g", role = "duty", service = "Police" }]\n'
NAMED = f'issuer = "https://login.example/realms/x"\nclient_id = "grapevine"\n{GROUPS}'


def read(tmp_path, table):
    path = tmp_path / "config.toml"
    path.write_text(f"[sign_in.provider]\n{table}", encoding="utf-8")
    return read_settings(path).sign_in.provider


def test_as_it_ships_there_is_no_provider():
    assert not read_settings(packaged_config()).sign_in.provider.is_on


def test_a_provider_is_called_by_its_name_else_by_its_host(tmp_path):
    assert read(tmp_path, NAMED).called == "login.example"
    assert read(tmp_path, NAMED + 'name = "Northgate sign-in"').called == "Northgate sign-in"


def test_groups_are_roles_for_a_service_in_all_incidents_or_in_one(tmp_path):
    one = '{ group = "g", role = "information-manager", service = " Police ", incident = "flood" }'
    (mapped,) = read(tmp_path, f'issuer = "https://x.example"\nclient_id = "g"\ngroups = [{one}]').groups
    assert mapped.grant == Grant(Role.INFORMATION_MANAGER, "Police", "flood")
    (mapped,) = read(tmp_path, NAMED).groups
    assert mapped.grant == Grant(Role.DUTY, "Police", None)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('issuer = "http://login.example"', "issuer should be https://HOST"),
        ('issuer = "login.example"', "issuer should be https://HOST"),
        ('issuer = "https://user@login.example"', "issuer should be https://HOST"),
        ('issuer = "https://login.example?x"', "issuer should be https://HOST"),
        ('issuer = "https://login.example:port"', "issuer should be https://HOST"),
        (f'issuer = "https://login.example"\n{GROUPS}', "client_id is missing"),
        ('issuer = "https://login.example"\nclient_id = "g"', "groups is empty, so nobody could sign in"),
        ('client_secret_env = "a-secret-itself"', "should be the name of an environment variable in capitals"),
        ('scopes = ["profile"]', 'scopes should be words, and "openid" one of them'),
        ('scopes = ["openid", "two words"]', "scopes should be words"),
        ('groups = [{ group = "g", role = "chief", service = "Police" }]', "role should be one of duty, comms"),
        ('groups = [{ group = "", role = "duty", service = "Police" }]', "group is empty"),
        ('groups = [{ group = "g", role = "duty", service = " " }]', "service is empty"),
        ('groups = [{ group = "g", role = "duty" }]', "service is missing"),
        ('groups = [{ gruop = "g", role = "duty", service = "x" }]', 'no such key "gruop".*Did you mean "group"'),
        ('isuer = "https://login.example"', 'no such key "isuer".*Did you mean "issuer"'),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, table, says):
    with pytest.raises(ConfigError, match=says) as refused:
        read(tmp_path, table)
    assert str(refused.value).startswith("config.toml [sign_in.provider")
    assert "\n" not in str(refused.value)
    assert "a-secret-itself" not in str(refused.value)


def test_the_secret_is_taken_from_the_environment(tmp_path, monkeypatch):
    settings = read(tmp_path, NAMED + 'client_secret_env = "GRAPEVINE_TEST_SECRET"')
    monkeypatch.delenv("GRAPEVINE_TEST_SECRET", raising=False)
    with pytest.raises(ConfigError, match="GRAPEVINE_TEST_SECRET is not set"):
        settings.secret()
    monkeypatch.setenv("GRAPEVINE_TEST_SECRET", " the secret\n")
    assert settings.secret() == "the secret"
    assert read(tmp_path, NAMED).secret() is None


@pytest.mark.parametrize(
    ("address", "like", "safe"),
    [
        ("https://login.example/token?p=one", "https://login.example", True),
        ("https://elsewhere.example/token", "https://login.example", True),
        ("http://login.example/token", "https://login.example", False),
        ("http://localhost:9/token", "http://127.0.0.1:9", True),
        ("http://login.example/token", "http://127.0.0.1:9", False),
        ("http://127.0.0.1.evil.example/", "http://127.0.0.1:9", False),
        ("https://login.example\\@evil.example", "https://login.example", False),
        ("https://login.example/\r\nX: y", "https://login.example", False),
        ("https://", "https://login.example", False),
        (None, "https://login.example", False),
    ],
)
def test_an_address_is_asked_only_where_nobody_reads_on_the_way(address, like, safe):
    assert is_safe_address(address, like=like) is safe
