import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
def test_a_printed_link_signs_in(client: Client):
    out = io.StringIO()

    call_command("signin_link", "ann", "--create", stdout=out)

    path = "/sign-in/" + out.getvalue().strip().rsplit("/", 1)[1]
    assert client.get(path, follow=True).status_code == 200
    assert User.objects.get().username == "ann"


@pytest.mark.django_db
def test_a_name_that_nobody_has_is_said():
    with pytest.raises(CommandError, match="--create makes one"):
        call_command("signin_link", "ann")


def test_a_database_without_tables_is_said_in_a_sentence(tmp_path: Path):
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    }
    command = [sys.executable, "manage.py", "signin_link"]

    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert ended.returncode == 1
    assert "start Tuneboard first" in ended.stderr
    assert "Traceback" not in ended.stderr
