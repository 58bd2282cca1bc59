"""`manage.py pin`: choose the newest versions that fit and write every indirect one into pyproject.toml."""

import re
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

BLOCK = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)(?:\s*;\s*(.+))?$")
DIRECT = re.compile(r'^\s+"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==', re.MULTILINE)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        file = Path(settings.BASE_DIR) / "pyproject.toml"
        text = BLOCK.sub("", file.read_text())
        file.write_text(text)
        lines = self.uv("export", "--upgrade", "--all-groups", "--no-hashes", "--no-annotate", "--no-header")
        direct = set(DIRECT.findall(text))
        pins = [match for line in lines if (match := PINNED.match(line)) and match[1] not in direct]
        block = "".join(
            f'    "{name}=={version}{f" ; {marker}" if marker else ""}",\n'
            for name, version, marker in (match.groups() for match in pins)
        )
        file.write_text(text.replace("[tool.uv]\n", f"[tool.uv]\nconstraint-dependencies = [\n{block}]\n"))
        self.uv("lock")
        self.stdout.write(f"{len(pins)} indirect dependencies pinned. Run the tests, then commit pyproject.toml.")

    def uv(self, *words: str) -> list[str]:
        done = subprocess.run(["uv", *words], check=True, capture_output=True, text=True, cwd=settings.BASE_DIR)  # noqa: S603, S607
        return done.stdout.splitlines()
