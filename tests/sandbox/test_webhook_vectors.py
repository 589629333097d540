"""Signatures against the recorded ones in $SAMPLES_DIR; not collected without it."""

import json
import os
from pathlib import Path

import pytest

from sandbox.webhooks import signature

VECTORS = json.loads(Path(os.environ["SAMPLES_DIR"], "webhook_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["webhook_id"])
def test_a_signature_is_as_recorded(vector):
    signed = (vector["webhook_id"], vector["webhook_timestamp"], vector["body"])

    assert signature(vector["secret"], *signed) == vector["signature"]
    assert signature("another secret", *signed) != vector["signature"]
