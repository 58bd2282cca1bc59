"""What a client fills in to decide on a release."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("accept", _("Accept")), ("reject", _("Reject"))])
    note = forms.CharField(max_length=10_000, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == "reject" and not given.get("note"):
            self.add_error("note", _("Say what is to be mended, then reject."))
        return given
