import subprocess
import sys

from tests.stack import ROOT, clean_environment


def test_a_web_server_can_import_it_without_any_preparation(tmp_path):
    environment = clean_environment() | {"DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "import dashboard.asgi"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.stderr == ""
    assert done.returncode == 0
