import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

LIFETIME = timedelta(hours=24)


class SigninLink(models.Model):
    """A link that signs its user in once. Only a hash of its token is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="signin_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"for {self.user} until {self.expires_at:%Y-%m-%d %H:%M} UTC"

    @classmethod
    def make(cls, user: User) -> str:
        """Give a fresh token for this user; the user's unused older ones stop working."""
        token = secrets.token_urlsafe(24)
        cls.objects.filter(user=user, used_at=None).delete()
        cls.objects.create(
            user=user, token_hash=cls.digest(token), expires_at=timezone.now() + LIFETIME
        )
        return token

    @classmethod
    def use(cls, token: str) -> Self | None:
        """Spend the token. Of two requests that bring the same one, one gets it."""
        now = timezone.now()
        fresh = cls.objects.filter(
            token_hash=cls.digest(token), used_at=None, expires_at__gt=now, user__is_active=True
        )
        if not fresh.update(used_at=now):
            return None
        return cls.objects.select_related("user").get(token_hash=cls.digest(token))

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
