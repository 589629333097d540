"""Settings of the tests: the real ones on a data folder that lives as long as this process."""

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="tuneboard-tests-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in ("DEBUG", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "ALLOWED_HOSTS"):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = FOLDER
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from dashboard.settings import *  # noqa: E402, F403
from dashboard.settings import DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file as in real life: threads that share a database in memory lock each other out at once.
    DATABASES["default"]["TEST"] = {"NAME": f"{FOLDER}/tests.sqlite3"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [each for each in MIDDLEWARE if "whitenoise" not in each]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
