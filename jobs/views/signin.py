"""Sign-in: by password, or once by a link from the console; and the change of one's password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.models import SigninFailures
from jobs.models import SigninLink
from jobs.views.types import Request


class SigninForm(AuthenticationForm):
    """Slows down whoever guesses passwords, without telling which names exist."""

    def clean(self) -> dict[str, object]:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        name = self.cleaned_data.get("username", "")
        if SigninFailures.are_too_many(address, name):
            raise ValidationError("Too many failed attempts: wait ten minutes and try again.")
        try:
            return super().clean()
        except ValidationError:
            SigninFailures.add(address, name)
            raise


class SigninView(LoginView):
    form_class = SigninForm
    template_name = "jobs/sign_in.html"
    redirect_authenticated_user = True


sign_in = SigninView.as_view()


@require_GET
@never_cache
@login_not_required
def sign_in_by_link(request: Request, token: str) -> HttpResponse:
    link = SigninLink.use(token)
    if link is None:
        return render(request, "jobs/sign_in_expired.html", status=410)
    login(request, link.user)
    return redirect("job_list")


@never_cache
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    form = password_form(request.user, request)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is set. Other sessions of yours are signed out.")
        return redirect("job_list")
    return render(request, "jobs/password.html", {"form": form})


def password_form(user: User, request: Request) -> SetPasswordForm[User]:
    """Whoever has no password yet, having come by a link, need not type an old one."""
    form = PasswordChangeForm if user.has_usable_password() else SetPasswordForm
    return form(user, request.POST or None)
