"""docs/sandbox.md leaves nothing out that can be asked for."""

import re

import pytest

from sandbox.dialects import SERVICES
from sandbox.faults import Trouble
from sandbox.flags import read_flags
from sandbox.openapi import document
from sandbox.quirks import Quirk
from tests.sandbox_server import ROOT

GUIDE = (ROOT / "docs" / "sandbox.md").read_text()


def section(title: str) -> str:
    """What stands below a title, as far as the next one."""
    found = re.search(rf"^#+ {title}\n(.*?)(?=^#|\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found.group(1)


def test_it_names_every_flag(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["sandbox", "--help"])
    with pytest.raises(SystemExit):
        read_flags()

    flags = set(re.findall(r"^  (--[\w-]+)", capsys.readouterr().out, re.MULTILINE))

    assert set(re.findall(r"^\| `(--[\w-]+)", section("Start"), re.MULTILINE)) == flags


@pytest.mark.parametrize(
    ("title", "names"),
    [("Faults", [*Trouble]), ("Quirks", [*Quirk]), ("Dialects", [*SERVICES.keys() - {"openai"}])],
)
def test_it_names_everything_that_can_be_switched_on(title, names):
    told = set(re.findall(r"[`*]([\w-]+)[`*]", section(title)))

    assert set(names) <= told


def test_it_names_every_endpoint():
    words = {word for path in document()["paths"] for word in path.split("/") if word}

    told = set(re.findall(r"[\w{}]+", section("Endpoints")))

    assert words <= told
