import json
import subprocess
import sys

from tests.stack import ROOT, clean_environment


def test_a_web_server_can_import_it_without_any_preparation(tmp_path):
    environment = clean_environment() | {"DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "import dashboard.asgi"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.stderr == ""
    assert done.returncode == 0


# uvicorn sets up its logs before it imports what it serves.
UVICORN = """
import logging, uvicorn
uvicorn.Config("dashboard.asgi:app", access_log=False)
import dashboard.asgi
logging.getLogger("uvicorn.error").warning("A line")
logging.getLogger("uvicorn.access").info("GET /sign-in/a-secret")
"""


def test_uvicorn_logs_as_all_do_and_tells_no_paths(tmp_path):
    told = {"DATA_DIR": str(tmp_path), "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}
    command = [sys.executable, "-c", UVICORN]

    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment() | told, capture_output=True, text=True
    )

    [line] = done.stderr.splitlines()
    assert json.loads(line)["message"] == "A line"
    assert done.stdout == ""
