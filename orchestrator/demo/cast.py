"""Who lives in the demo, and the file that keeps their passwords."""

import json
from dataclasses import dataclass
from pathlib import Path

from orchestrator.embedded.secrets import overwrite
from orchestrator.outside.crowd import CREW
from orchestrator.outside.setting_up import fresh_password

MANAGER, REVIEWER, CLIENT = "mara", "rita", "clea"
ANNOTATORS = tuple(person.name for person in CREW)
ROLES = {MANAGER: "manager", REVIEWER: "reviewer", CLIENT: "client"} | dict.fromkeys(ANNOTATORS, "annotator")
TEAMS = {"Herons": ANNOTATORS[:4], "Lynxes": ANNOTATORS[4:]}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody's password; written down before the account is made, so that no account is ever lost."""

    file: Path
    passwords: dict[str, str]

    @classmethod
    def remembered(cls, home: Path) -> "Cast":
        """Those of an earlier run, or new ones."""
        file = home / "demo.json"
        known = json.loads(file.read_text())["people"] if file.exists() else {}
        passwords = {name: known[name]["password"] if name in known else fresh_password() for name in ROLES}
        cast = cls(file=file, passwords=passwords)
        if passwords.keys() - known.keys():
            cast.keep()
        return cast

    def keep(self, **more: str) -> None:
        people = {name: {"role": ROLES[name], "password": password} for name, password in self.passwords.items()}
        overwrite(self.file, json.dumps({**more, "people": people}, indent=2) + "\n")
