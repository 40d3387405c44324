from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """
    Argon2id at the cost that OWASP's Password Storage Cheat Sheet names first: 19 MiB, two passes, one lane.

    Django's own cost is 100 MiB for each guess that is under way: a small server has no room for several at a time.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
