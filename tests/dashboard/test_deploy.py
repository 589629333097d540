import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def manage(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    }
    command = [sys.executable, "manage.py", *words]
    given = environment | variables
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_with_https_djangos_own_checks_of_a_deployment_find_nothing(tmp_path: Path):
    words = ["check", "--deploy", "--fail-level", "WARNING"]

    checked = manage(tmp_path, *words, PUBLIC_URL="https://tuneboard.example")

    assert checked.returncode == 0, checked.stderr


def test_in_a_folder_that_all_can_read_the_database_is_ours_alone(tmp_path: Path):
    tmp_path.chmod(0o755)

    assert manage(tmp_path, "migrate").returncode == 0

    files = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert "tuneboard.sqlite3" in files
    assert set(files.values()) == {0o600}
