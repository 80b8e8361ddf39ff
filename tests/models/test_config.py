"""config.toml is understood, or one line says what, where and the nearest valid name."""

from pathlib import Path

import pytest

from ingest.sources import open_sources
from models.clock import SystemClock
from models.config import DATA_DIR_VARIABLE, config_path, packaged_config, read_settings
from models.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[server]\nprot = 1",
            'config.toml [server]: no such key "prot". Known: listen, port, public_url, tls_certificate, tls_key, '
            'trusted_proxies. Did you mean "port"?',
        ),
        ("[severs]\n", 'config.toml: no such key "severs".'),
        ("[severs]\n", 'Did you mean "server"?'),
        ('[server]\nport = "80"', "config.toml [server]: port should be integer, not '80'."),
        ("[server]\nport = 0", "config.toml [server]: port should be greater than or equal to 1, not 0."),
        ("[board]\nleast_likelihood = 2.0", "least_likelihood should be less than or equal to 1"),
        ("data = 3", "config.toml: data should be"),
        ("[server", "not TOML"),
    ],
)
def test_what_is_not_understood_is_told_in_one_line(tmp_path, text, says):
    with pytest.raises(ConfigError) as error:
        read_settings(written(tmp_path, text))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[sources.archiv]\n",
            'no such source. Known: archive, bluesky, feeds, mastodon, webhook. Did you mean "archive"?',
        ),
        (
            "[sources.archive]\nfile = []",
            '[sources.archive]: no such key "file". Known: files, format, columns, zone. Did you mean "files"?',
        ),
        ("[sources.archive]\nfiles = []", "[sources.archive]: files should"),
        ("[sources.archive]\n", "[sources.archive]: files is missing."),
        (
            '[sources.webhook]\nsenders = [{ name = "tipline", secretenv = "X" }]',
            '[sources.webhook.senders.0]: no such key "secretenv". Known: name, secret_env. Did you mean',
        ),
    ],
)
def test_a_source_that_is_not_understood_is_named_the_same_way(tmp_path, text, says):
    settings = read_settings(written(tmp_path, text))
    with pytest.raises(ConfigError) as error:
        open_sources(settings.sources, SystemClock(), where="config.toml")
    assert says in str(error.value)


def test_an_unknown_source_carries_the_file_and_the_table(tmp_path):
    settings = read_settings(written(tmp_path, "[sources.archiv]\n"))
    with pytest.raises(ConfigError) as error:
        open_sources(settings.sources, SystemClock(), where="config.toml")
    assert (error.value.file, error.value.table) == ("config.toml", "sources.archiv")


@pytest.mark.parametrize(
    "text",
    [
        '[sources.feeds]\nfeeds = [{ name = "News", url = "https://me:s3cret@news.example/" }]',
        '[sources.feeds]\nfeeds = [{ name = "News", url = "news.example?key=s3cret" }]',
        '[sources.feeds]\nfeeds = ["https://me:s3cret@news.example/"]',
        '[sources.feeds]\nfeeds = "https://me:s3cret@news.example/"',
        '[sources.bluesky]\nhosts = ["wss://me:s3cret@jetstream.example"]',
        '[sources.bluesky]\nhosts = "wss://me:s3cret@jetstream.example"',
        '[sources.mastodon]\ninstances = [{ host = "me:s3cret@a.example", consent = "x", public = true }]',
        '[sources.mastodon]\ninstances = [{ host = "a.example", consent = "x", token_env = "s3cret" }]',
        '[sources.mastodon]\ninstances = [{ host = "a.example", consent = "x", token_env = ["s3cret"] }]',
        '[sources.webhook]\nsenders = [{ name = "tipline", secret_env = "whsec_s3cret" }]',
    ],
)
def test_what_may_be_a_secret_is_not_told_with_the_error(tmp_path, text):
    settings = read_settings(written(tmp_path, text))
    with pytest.raises(ConfigError, match="should be") as error:
        open_sources(settings.sources, SystemClock(), where="config.toml")
    assert "s3cret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_the_packaged_default_is_understood():
    settings = read_settings(packaged_config())
    assert settings.sources == {}
    assert settings.server.port == 8050


def test_every_commented_source_of_the_default_works_when_uncommented(tmp_path):
    text = packaged_config().read_text(encoding="utf-8")
    start = text.index("# [sources.bluesky]")
    example = "\n".join(line.removeprefix("#").removeprefix(" ") for line in text[start:].splitlines())
    (tmp_path / "posts.jsonl.gz").write_bytes(b"")
    example = example.replace('"posts.jsonl.gz"', f'"{tmp_path / "posts.jsonl.gz"}"')
    settings = read_settings(written(tmp_path, text[:start] + example))
    assert [source.name for source in open_sources(settings.sources, SystemClock(), where="config.toml")] == [
        "bluesky",
        "mastodon:mastodon.example",
        "feeds:Met Office warnings",
        "feeds:County council news",
        "webhook:tipline",
        "archive",
    ]


def test_the_file_named_counts_before_the_one_here_and_the_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert config_path(None) == packaged_config()
    written(tmp_path, "")
    assert config_path(None) == Path("config.toml")
    assert config_path(tmp_path / "other.toml") == tmp_path / "other.toml"


def test_the_variable_says_where_data_lies_before_the_file_does(tmp_path, monkeypatch):
    path = written(tmp_path, '[data]\ndir = "/from/file"')
    monkeypatch.delenv(DATA_DIR_VARIABLE, raising=False)
    assert read_settings(path).data_dir == Path("/from/file")
    monkeypatch.setenv(DATA_DIR_VARIABLE, "/from/variable")
    assert read_settings(path).data_dir == Path("/from/variable")
