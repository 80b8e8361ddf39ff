"""Fails unless a built wheel holds the three packages with what they read: SQL, styles, texts, weights, figures."""

import sys
import zipfile

NEEDED = [
    "models/config.toml",
    "models/store/schema/duckdb/0001_spine.sql",
    "models/store/queries/final_rows.sql",
    "models/store/duckdb/statements/add_posts.sql",
    "ingest/exercise/texts/",
    "dashboard/assets/tokens.css",
    "dashboard/assets/forms.js",
    "dashboard/http/templates/sign_in.html",
    "dashboard/publish/templates/report.html",
    "dashboard/publish/templates/report.css",
    "models/weights/encoder/layers.safetensors",
    "models/weights/encoder/shift.json",
    "models/evaluation/results/shapes/charliehebdo-fold-seed1.json",
    "models/weights/clusters/settings.json",
    "models/weights/likelihood/weights.json",
    "models/weights/stance/weights.safetensors",
    *(
        f"models/weights/{part}/{file}"
        for part in ("encoder", "clusters", "likelihood", "stance")
        for file in ("manifest.json", "README.md")
    ),
]
ALLOWED = ("models/", "ingest/", "dashboard/", "grapevine-")

names = zipfile.ZipFile(sys.argv[1]).namelist()
missing = [needed for needed in NEEDED if not any(name.startswith(needed) for name in names)]
strange = [name for name in names if not name.startswith(ALLOWED)]
if missing or strange:
    sys.exit(f"missing from the wheel: {missing}; strange in it: {strange}")
print(f"{len(names)} files, all of it ours and nothing missing")
