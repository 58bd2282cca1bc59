"""The pages of people: logging in and out; there is no sign-up."""

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from projects.audit.trail import record
from projects.errors import NotAllowed
from projects.teams.models import User
from projects.teams.throttle import LoginThrottle


class LogInPage(LoginView):
    template_name = "projects/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Guesses here and at the API count together."""
        throttle = LoginThrottle()
        asked = SimpleNamespace(META=request.META, headers=request.headers, data=request.POST.dict())
        if throttle.allow_request(asked, self):
            return super().post(request, *args, **kwargs)
        wait_seconds = int(throttle.wait() or 0) + 1
        form = AuthenticationForm(request)
        form.cleaned_data = {}
        form.add_error(
            None, _("Too many attempts. Wait %(seconds)s seconds and try again.") % {"seconds": wait_seconds}
        )
        answer = self.render_to_response(self.get_context_data(form=form), status=429)
        answer["Retry-After"] = str(wait_seconds)
        return answer

    @transaction.atomic
    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        record("user.logged_in", form.get_user(), by=form.get_user())
        return answer


class LogOutPage(LogoutView):
    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            record("user.logged_out", request.user, by=request.user)
        return super().post(request, *args, **kwargs)


@never_cache
def admin_log_in(request: HttpRequest) -> HttpResponse:
    """The administration has no login page of its own, for that would not count guesses."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not request.user.is_staff:
        raise NotAllowed("The administration is for staff. Log out, and in again as somebody of the staff.")
    return redirect("admin:index")


routes = [
    path("admin/login/", admin_log_in),
    path("login", LogInPage.as_view(), name="login"),
    path("logout", LogOutPage.as_view(), name="logout"),
]
