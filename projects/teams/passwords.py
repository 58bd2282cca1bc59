"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters (19 MiB, 2 passes): strong, and a morning's log-ins do not stop the service."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
