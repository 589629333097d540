"""Where fixtures come from: the domain is in tests/fixtures.py, the wire in tests/wire.py."""

pytest_plugins = ["tests.fixtures", "tests.valkey"]
