"""What tiplines push is kept once for good, what is forged is refused, and the secret is told nobody."""

from collections import Counter
from pathlib import Path

from tests.benchmarks.webhook_load import CLIENTS, POSTS_A_MESSAGE, a_secret, push

# Of each client: so many that every kind comes twice. How long senders wait is for benchmarks/webhook_load.py.
MESSAGES = 40


def test_nothing_is_lost_forged_or_told_under_many_senders(tmp_path: Path):
    secret = a_secret()
    report = push(tmp_path, secret, lambda number: number <= MESSAGES)
    stored = Counter(one.removeprefix("webhook:tipline:") for one in report.stored)
    assert len(report.acknowledged) == CLIENTS * MESSAGES * POSTS_A_MESSAGE
    assert stored == dict.fromkeys(report.acknowledged, 1)
    assert {status for what, status in report.answers if what in ("honest", "retried")} == {200}
    assert {status for what, status in report.answers if what == "forged"} == {401}
    assert {status for what, status in report.answers if what == "repeated"} == {409}
    # The log, the database and whatever else lies in the folder.
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        assert secret.removeprefix("whsec_").encode() not in path.read_bytes(), path.name
