"""What reading a file needs to know, and what it learns on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.formats.metered import Meter
from ingest.formats.told import Told
from ingest.formats.x_notices import Accounts
from ingest.formats.x_posts import Versions
from models.domain.imports import SeenTable

# Where those who hand in a table are.
ZONE = "Europe/London"


@dataclass(frozen=True)
class Reading:
    """How the files of one archive are read, in one pass from their beginning.

    `named` is a format, or empty where it is recognised. `columns` maps fields of the interchange form to columns of
    a table, "" for none. `zone` is that of times in tables that state none. `tables` and `forms` are what was found.
    """

    named: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    zone: str = ZONE
    accounts: Accounts = field(default_factory=Accounts)
    versions: Versions = field(default_factory=Versions)
    told: Told = field(default_factory=Told)
    meter: Meter = field(default_factory=Meter)
    tables: list[SeenTable] = field(default_factory=list)
    # Names of FORMATS that its objects were recognised as.
    forms: list[str] = field(default_factory=list)
