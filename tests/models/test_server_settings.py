"""The table [server]: what is refused before anything is listened at, and what an address means."""

import pytest

from models.config import read_settings
from models.errors import ConfigError
from models.server_settings import ServerSettings

PUBLIC = 'public_url = "https://g.example"\n'
TLS = 'tls_certificate = "c.pem"\ntls_key = "k.pem"\n'
PROXY = 'trusted_proxies = ["10.0.0.5"]\n'


def read(tmp_path, table):
    path = tmp_path / "config.toml"
    path.write_text(f"[server]\n{table}", encoding="utf-8")
    return read_settings(path).server


def test_without_a_word_only_this_computer_is_let_in():
    settings = ServerSettings()
    assert not settings.is_beyond_loopback
    assert settings.names == {"127.0.0.1", "localhost", "[::1]"}
    assert (settings.prefix, settings.public_origin, settings.is_https) == ("", None, False)


@pytest.mark.parametrize("listen", ["0.0.0.0", "::", "10.0.0.9", "2001:db8::9"])
def test_beyond_this_computer_nothing_is_said_in_the_clear(tmp_path, listen):
    with pytest.raises(ConfigError, match="open to other computers"):
        read(tmp_path, f'listen = "{listen}"\n{PUBLIC}')
    assert read(tmp_path, f'listen = "{listen}"\n{PUBLIC}{TLS}').has_tls
    assert read(tmp_path, f'listen = "{listen}"\n{PUBLIC}{PROXY}').is_https


@pytest.mark.parametrize("listen", ["127.0.0.1", "127.0.0.53", "::1"])
def test_on_this_computer_it_may_be_said_in_the_clear(tmp_path, listen):
    assert read(tmp_path, f'listen = "{listen}"').listen == listen


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('listen = "everywhere"', "listen should be an address of this computer"),
        (f'listen = "0.0.0.0"\n{TLS}', "public_url is missing. Set the https address that people open"),
        (f'{PUBLIC}tls_certificate = "c.pem"', "tls_certificate and tls_key belong together"),
        (f'{PUBLIC}tls_key = "k.pem"', "tls_certificate and tls_key belong together"),
        (PROXY, "trusted_proxies needs public_url"),
        (f'{PUBLIC}trusted_proxies = ["proxy.example"]', "addresses or networks such as 10.0.0.5"),
        (f'{PUBLIC}trusted_proxies = ["10.0.0.5/8"]', "addresses or networks such as 10.0.0.5"),
        (f'{PUBLIC}trusted_proxies = ["0.0.0.0/0"]', "0.0.0.0/0 is everybody"),
        (f'{PUBLIC}trusted_proxies = ["::/0"]', "::/0 is everybody"),
        ('public_url = "http://g.example"', "should begin with https://"),
        (f'public_url = "http://localhost"\n{TLS}', "should begin with https://, since tls_certificate is set"),
        ('public_url = "g.example"', "should be https://HOST"),
        ('public_url = "https:///path"', "should be https://HOST"),
        ('public_url = "javascript://g.example/"', "should be https://HOST"),
        ('public_url = "https://user@g.example"', "without name, query or #"),
        ('public_url = "https://g.example?x"', "without name, query or #"),
        ('public_url = "https://g.example/\\r\\nX: y"', "without name, query or #"),
        ('public_url = "https://g.example:port"', "should be https://HOST"),
        ('public_url = "https://g.example//evil"', "only letters, digits"),
        ('public_url = "https://g.example/../x"', "only letters, digits"),
        ('public_url = "https://g.example/%2e%2e"', "only letters, digits"),
        ("public_url = 3", "public_url should be string"),
    ],
)
def test_what_would_not_work_is_told_in_one_line(tmp_path, table, says):
    with pytest.raises(ConfigError) as error:
        read(tmp_path, table)
    assert str(error.value).startswith("config.toml [server]: ")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "origin", "prefix", "name"),
    [
        ("https://g.example", "https://g.example", "", "g.example"),
        ("https://g.example/", "https://g.example", "", "g.example"),
        ("https://G.Example:443/grapevine/", "https://g.example", "/grapevine", "g.example"),
        ("https://g.example:8443/a/b", "https://g.example:8443", "/a/b", "g.example"),
        ("https://[2001:db8::9]:8443", "https://[2001:db8::9]:8443", "", "[2001:db8::9]"),
        ("http://127.0.0.1:8050/g", "http://127.0.0.1:8050", "/g", "127.0.0.1"),
    ],
)
def test_the_public_address_says_origin_path_and_name(url, origin, prefix, name):
    settings = ServerSettings(public_url=url)
    assert (settings.public_origin, settings.prefix) == (origin, prefix)
    assert name in settings.names
