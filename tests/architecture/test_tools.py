"""The tools that read the code find nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "ruff finds no mistakes": ["ruff", "check", "."],
    "ruff would format nothing": ["ruff", "format", "--check", "."],
    "imports only go down": ["lint-imports", "--no-cache"],
    "the pure packages are typed": ["mypy"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_tool(command):
    program = Path(sys.executable).with_name(command[0])

    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


@pytest.mark.django_db
def test_migrations_are_complete_and_named():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    files = [file.stem for app in ("projects", "tasks") for file in (ROOT / app / "migrations").glob("0*.py")]
    assert not [name for name in files if "auto" in name]


def test_the_deployment_settings_pass_djangos_own_checks():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "orchestrator.settings",
        "DATABASE_URL": "postgresql://canthus:secret@db/canthus",
        "CELERY_BROKER_URL": "amqp://canthus:secret@queue//",
        "CANTHUS_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX",
        "CANTHUS_HTTPS": "1",
        "CANTHUS_BEHIND_PROXY": "1",
        "CANTHUS_ALLOWED_HOSTS": "canthus.example.org",
    }

    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_web_does_not_import_numpy():
    code = (
        "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'orchestrator.settings');"
        "import django; django.setup(); import orchestrator.urls, sys; raise SystemExit('numpy' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
