"""How many passwords a login lets anybody guess in an hour, and what a guess costs and tells.

``python bench/login.py`` sends guesses to the login page of an empty site of its own, in this process.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMED = 30


def guess(name: str, address: str) -> tuple[int, float]:
    """The status and the time in ms of one wrong password from an address; 429 was refused without a look at it."""
    from django.test import Client

    data, headers = {"username": name, "password": "a-wrong-guess"}, {"X-Forwarded-For": address}
    start = time.perf_counter()
    status = Client(SERVER_NAME="127.0.0.1").post("/admin/login/", data, headers=headers).status_code
    return status, (time.perf_counter() - start) * 1000


def looked_at(addresses: list[str], per_address: int) -> int:
    """How many of the guesses from these addresses, each sent as often as said, the site has looked at."""
    forget()
    return sum(guess("owner", address)[0] == 200 for _ in range(per_address) for address in addresses)


def forget() -> None:
    from axes.models import AccessAttempt

    AccessAttempt.objects.all().delete()


def times(*names: str) -> list[float]:
    """The median time in ms of a wrong password for each name; they take turns, so that all have the same weather."""
    taken = {name: [] for name in names}
    for _ in range(TIMED):
        for name in names:
            forget()
            taken[name].append(guess(name, "203.0.113.1")[1])
    return [round(statistics.median(times), 1) for times in taken.values()]


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portfolio.settings"}
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.contrib.auth.hashers import make_password

        users, password = get_user_model().objects, "a-password-of-the-owner"
        users.create_superuser("owner", password=password)
        users.create(username="earlier", password=make_password(password, hasher="pbkdf2_sha256"))
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        many = [f"198.51.{number // 250}.{number % 250}" for number in range(1000)]
        there, missing, earlier = times("owner", "nobody", "earlier")
        figures = {
            "guesses an hour from one address": looked_at(["203.0.113.1"], 50),
            "guesses an hour from 1,000 addresses": looked_at(many, 1),
            "ms of a guess at a name that exists": there,
            "ms of a guess at one that does not": missing,
            "ms of a guess at one whose password an earlier version has hashed": earlier,
        }
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
