"""How well posts are grouped into rumours, on real breaking news: the table of the README.

    python tests/benchmarks/judge_pheme.py ../shared/data/pheme_dev.jsonl.gz

Runs `grapevine judge` on each event and scores its source posts against the human-written story: B-cubed F1
(Bagga and Baldwin 1998), AMI and ARI on the rumour posts, and best-match F1 over stories of five threads and more
with all other posts counted as noise. The labels are read here only.
"""

import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

GRAPEVINE = Path(sys.executable).with_name("grapevine")
EVENTS = ("charliehebdo", "ferguson", "germanwings-crash", "ottawashooting")
LEAST_THREADS = 5


def main() -> None:
    """Prints a Markdown table: a row an event, and their mean."""
    file = Path(sys.argv[1])
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        gold = {record["id"]: record["gold"] for record in map(json.loads, stream)}
    print("| event | posts | B³-F1 | AMI | ARI | best-match F1 | posts a second |\n|---|---|---|---|---|---|---|")
    rows = []
    for event in EVENTS:
        lines, speed = judged(file, event)
        scores = scored([line for line in lines if gold[line["id"]]["is_source"]], gold)
        rows.append(scores)
        print(f"| {event} | {len(lines):,} | " + " | ".join(f"{score:.3f}" for score in scores) + f" | {speed} |")
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    print("| mean | | " + " | ".join(f"{mean:.3f}" for mean in means) + " | |")


def judged(file: Path, event: str) -> tuple[list[dict], str]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        command = [GRAPEVINE, "judge", file, "--collection", event, "--out", out]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        speed = re.search(r"\(([\d,]+) posts a second\)", ran.stderr).group(1)
        return [json.loads(line) for line in out.read_text().splitlines()], speed


def scored(lines: list[dict], gold: dict[str, dict]) -> tuple[float, float, float, float]:
    stories = [gold[line["id"]]["story"] for line in lines]
    rumours = [line["rumour"] for line in lines]
    told = [(story, rumour) for story, rumour in zip(stories, rumours, strict=True) if story]
    truth, found = zip(*told, strict=True)
    return (
        b_cubed_f1(truth, found),
        adjusted_mutual_info_score(truth, found),
        adjusted_rand_score(truth, found),
        best_match_f1(stories, rumours),
    )


def b_cubed_f1(truth: tuple, found: tuple) -> float:
    of_truth, of_found, both = Counter(truth), Counter(found), Counter(zip(truth, found, strict=True))
    precision = sum(n * n / of_found[rumour] for (_, rumour), n in both.items()) / len(truth)
    recall = sum(n * n / of_truth[story] for (story, _), n in both.items()) / len(truth)
    return 2 * precision * recall / (precision + recall)


def best_match_f1(stories: list, rumours: list) -> float:
    of_story, of_rumour = Counter(story for story in stories if story), Counter(rumours)
    best: dict[str, float] = {}
    for (story, rumour), n in Counter(zip(stories, rumours, strict=True)).items():
        if story and of_story[story] >= LEAST_THREADS:
            best[story] = max(best.get(story, 0.0), 2 * n / (of_story[story] + of_rumour[rumour]))
    return sum(best.values()) / len(best)


if __name__ == "__main__":
    main()
