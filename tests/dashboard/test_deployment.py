"""Dockerfile, docker-compose.yml and .env.example say what the code does: no engine is needed to see it."""

import ast
import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery
from django.core.management import get_commands, load_command_class

from dashboard import __version__, env
from sandbox.flags import read_flags

ROOT = Path(__file__).parent.parent.parent
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}
APP = {"migrate", "web", "worker", "beat", "sandbox"}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def service(name: str) -> dict[str, Any]:
    return dict(compose()["services"][name])


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions with their arguments."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def variables_read() -> set[str]:
    """Every NAME in a call like env.text("NAME") of our code; a secret may also come as NAME_FILE."""
    found = set()
    for path in [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "jobs").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id == "env":
                    name = str(ast.literal_eval(node.args[0]))
                    found.add(name)
                    if node.func.attr == env.secret.__name__:
                        found.add(f"{name}_FILE")
    return found


def variables_of_compose() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))


def test_every_variable_is_documented_and_every_documented_one_is_read():
    documented = re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(documented) == sorted(variables_read() | OF_UVICORN | {"POSTGRES_PASSWORD"})
    assert variables_of_compose() <= set(documented)


def test_the_variables_of_each_service_are_ones_that_it_reads():
    for name in APP:
        read = variables_read() | (OF_UVICORN if name == "web" else set())
        assert set(service(name)["environment"]) <= read, name


def test_the_guide_for_operators_names_every_variable():
    guide = (ROOT / "docs" / "running.md").read_text()

    names = {name.removesuffix("_FILE") for name in variables_read() | OF_UVICORN}
    assert not [name for name in names if f"`{name}`" not in guide]


def test_no_secret_is_written_down():
    for name, value in compose()["x-app"]["environment"].items():
        assert "SECRET" not in name or value == f"${{{name}:-}}"
    assert service("postgres")["environment"]["POSTGRES_PASSWORD"].startswith("${")


def test_there_is_one_of_each_and_one_beat():
    assert set(compose()["services"]) == APP | {"postgres", "redis"}
    assert service("sandbox")["profiles"] == ["sandbox"]
    assert not [name for name in APP - {"sandbox"} if service(name).get("profiles")]
    assert "container_name" not in service("worker"), "it could not be scaled"
    assert "ports" not in service("worker"), "it could not be scaled"


def test_what_serves_is_checked_and_what_it_needs_comes_first():
    for name in set(compose()["services"]) - {"migrate"}:
        assert service(name)["healthcheck"]["test"], name
    for name in ("web", "worker", "beat"):
        needed = service(name)["depends_on"]
        assert needed["migrate"] == {"condition": "service_completed_successfully"}
        assert needed["redis"] == {"condition": "service_healthy"}


def test_the_sandbox_runs_code_and_so_is_kept_apart():
    address, _, _ = service("sandbox")["ports"][0].partition(":")
    keys = [volume.split(":")[0] for volume in service("web")["volumes"]]

    assert address == "127.0.0.1"
    assert not [volume for volume in service("sandbox")["volumes"] if volume.split(":")[0] in keys]


def test_images_are_pinned():
    images = [argument.split()[0] for word, argument in dockerfile() if word == "FROM"]
    images += [each["image"] for each in compose()["services"].values()]

    for image in images:
        assert re.fullmatch(r"[\w/]+:\d[\w.-]*", image), image


def test_volumes_are_declared():
    used = {
        volume.split(":")[0]
        for each in compose()["services"].values()
        for volume in each.get("volumes", [])
    }

    assert used == set(compose()["volumes"])


def test_the_commands_of_celery_are_ones_that_it_takes():
    for name in ("worker", "beat"):
        program, option, app, command, *words = service(name)["command"]
        assert (program, option, app, command) == ("celery", "--app", "dashboard.celery", name)

        celery.commands[name].make_context(name, words, resilient_parsing=True)


def test_the_web_command_is_one_that_uvicorn_takes():
    [command] = [argument for word, argument in dockerfile() if word == "CMD"]
    program, *words = ast.literal_eval(command)

    assert program == "uvicorn"
    context = import_module("uvicorn.main").main.make_context("uvicorn", words)
    assert context.params["app"] == "dashboard.asgi:app"
    assert context.params["lifespan"] == "on", "its heart must begin to beat"
    assert context.params["access_log"] is False, "a sign-in link is a secret"
    assert str(context.params["port"]) == service("web")["ports"][0].rsplit(":", 1)[1]


def test_the_sandbox_command_is_one_that_it_takes(monkeypatch):
    program, flag, module, *words = service("sandbox")["command"]
    assert (program, flag, module) == ("python", "-m", "sandbox")
    monkeypatch.setattr("sys.argv", ["sandbox", *words])

    assert read_flags().demo


@pytest.mark.parametrize(
    "command", [service("migrate")["command"], service("beat")["healthcheck"]["test"][1:]]
)
def test_the_commands_of_django_exist(command):
    program, file, name, *words = command
    assert (program, file) == ("python", "manage.py")

    parser = load_command_class(get_commands()[name], name).create_parser(file, name)

    parser.parse_args(words)


def test_the_image_runs_as_nobody_special_and_copies_what_is_there():
    instructions = dockerfile()
    words = [word for word, _ in instructions]

    assert ("USER", "tuneboard") in instructions
    assert words.index("USER") < words.index("CMD")
    ignored = (ROOT / ".dockerignore").read_text()
    for argument in [argument for word, argument in instructions if word == "COPY"]:
        for source in shlex.split(argument)[:-1]:
            if not source.startswith(("--from", "/app")):
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, source


def test_the_variables_of_uvicorn_are_ones_that_it_reads(monkeypatch):
    for name in OF_UVICORN:
        monkeypatch.setenv(name, "10.1.2.0/24")

    config = import_module("uvicorn").Config("dashboard.asgi:app", log_config=None)

    assert config.forwarded_allow_ips == "10.1.2.0/24"
    assert set(service("web")["environment"]) - set(service("worker")["environment"]) == OF_UVICORN


def test_what_runs_is_what_was_tested():
    run, test, dev = (
        dict(re.findall(r"^([\w.-]+(?:\[\w+\])?)==(\S+)", (ROOT / path).read_text(), re.MULTILINE))
        for path in ("requirements/run.txt", "requirements/test.txt", "requirements/dev.txt")
    )

    assert run.items() <= test.items() <= dev.items()
    assert "django" in run


def test_the_version_is_one():
    pyproject = (ROOT / "pyproject.toml").read_text()

    assert f'version = "{__version__}"' in pyproject
    assert compose()["x-app"]["image"] == f"tuneboard:{__version__}"
