"""`grapevine demo`: the exercise, played."""

from datetime import UTC, datetime, timedelta

from dashboard.commands.options import Browser, Config, Fresh, Port, settings_from
from dashboard.commands.replay import Speed, play

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
SEED = 1
# In the fictional city and its county: who owns the incident, who acts on it and who looks.
POLICE, FIRE, AMBULANCE = "Northgate Police", "Rivershire Fire and Rescue", "Rivershire Ambulance Service"


def demo(
    speed: Speed = 60.0,
    fresh: Fresh = False,
    config: Config = None,
    port: Port = None,
    browser: Browser = True,
) -> None:
    """Play an EXERCISE: six hours of a flood in a fictional city, in its own database.

    If you stop it, the next run continues from there and keeps what was logged. --fresh starts again from the
    beginning.
    """
    from dashboard.commands.incidents import ServicesTogether
    from ingest.exercise.simulation import OFFICIAL_ACCOUNTS, write_exercise
    from ingest.sources.archive import Archive

    settings, _ = settings_from(config)
    folder = settings.data_dir / "demo"
    # Beside the database's folder, so that a fresh start sets aside what people did and keeps the script.
    script = settings.data_dir / "exercise.jsonl.gz"
    script.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_exercise(script, seed=SEED, start=START)
    play(
        Archive([script]),
        folder,
        settings,
        speed=speed,
        fresh=fresh,
        port=port,
        browser=browser,
        what="exercise",
        official=OFFICIAL_ACCOUNTS,
        # Also on a computer whose calendar has not come so far.
        latest=START + timedelta(days=1),
        services=(POLICE, FIRE, AMBULANCE),
        together=ServicesTogether(POLICE, acts=(FIRE,), sees=(AMBULANCE,)),
    )
