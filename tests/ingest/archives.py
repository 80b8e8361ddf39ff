"""What the tests of archives build their files from, and how they read them."""

import gzip
import io
import json
import tarfile
import zipfile

from ingest.sources.archive import Archive

STATUS = {
    "created_at": "Sun Oct 12 17:25:19 +0000 2014",
    "id": 521350916872876033,
    "id_str": "521350916872876033",
    "text": "Unconfirmed: the bridge is closed",
    "lang": "en",
    "retweet_count": 3,
    "coordinates": {"type": "Point", "coordinates": [-3.5, 56.2]},
    "user": {"id_str": "77", "screen_name": "ann", "followers_count": 10},
}


def a_status(number: int, **changes) -> dict:
    return {**STATUS, "id": number, "id_str": str(number), **changes}


def archive_of(tmp_path, name: str, *values, lines: bool = True, **settings) -> Archive:
    path = tmp_path / name
    text = "".join(json.dumps(value) + "\n" for value in values) if lines else json.dumps(values)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return Archive([path], **settings)


def items_of(archive: Archive, cursor: str | None = None) -> list:
    return [item for batch in archive.batches(cursor) for item in batch.items]


def records_of(archive: Archive) -> list[dict]:
    return [item.record for item in items_of(archive)]


def a_zip(path, members: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def a_tar(path, members: dict[str, bytes]):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def a_csv(path, header: str, *rows: str):
    path.write_text("\n".join([header, *rows]) + "\n")
    return Archive([path])
