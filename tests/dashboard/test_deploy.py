import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_with_https_djangos_own_checks_of_a_deployment_find_nothing(tmp_path: Path):
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "PUBLIC_URL": "https://tuneboard.example",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    checked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr
