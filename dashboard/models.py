"""Failed sign-ins, counted for a while, to slow down whoever guesses passwords.

In the database, because several web servers may share it, and because there nothing but time makes room: a
flood of made-up names does not wash away what is counted of a real one.
"""

import hashlib
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

WINDOW = timedelta(minutes=10)
MOST_OF_NAME = 10  # from one address, within the window
MOST_OF_ADDRESS = 30  # whatever the names


class SigninFailures(models.Model):
    """How often one address failed, alone or with one name. Names are hashed: some are passwords."""

    who = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.count} since {self.began_at:%Y-%m-%d %H:%M} UTC"

    @classmethod
    def are_too_many(cls, address: str, name: str) -> bool:
        by_address = Q(who=digest(address), count__gte=MOST_OF_ADDRESS)
        by_name = Q(who=digest(address, name), count__gte=MOST_OF_NAME)
        recent = cls.objects.filter(began_at__gt=timezone.now() - WINDOW)
        return recent.filter(by_address | by_name).exists()

    @classmethod
    def add(cls, address: str, name: str) -> None:
        cls.objects.filter(began_at__lte=timezone.now() - WINDOW).delete()
        for who in (digest(address), digest(address, name)):
            cls.objects.get_or_create(who=who)
            cls.objects.filter(who=who).update(count=F("count") + 1)


def digest(address: str, name: str = "") -> str:
    return hashlib.sha256(f"{network_of(address)} {name.lower()}".encode()).hexdigest()


def network_of(address: str) -> str:
    """What one visitor has at their disposal: an address, or with IPv6 a whole network of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((int(found), 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
