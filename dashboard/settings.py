"""All settings. What a deployment may change is read through env and documented in .env.example."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from dashboard import broker, env, keys, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).expanduser().absolute()

HOST = env.text("HOST", "127.0.0.1")
PORT = env.port("PORT", 8000)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
SANDBOX = env.flag("SANDBOX", True)
SANDBOX_PORT = env.port("SANDBOX_PORT", 8001)

# Security

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = keys.secret_key(DATA_DIR)
ENCRYPTION_KEYS = keys.encryption_keys(DATA_DIR)

origin = urlsplit(PUBLIC_URL)
if origin.scheme not in ("http", "https") or not origin.hostname:
    raise ImproperlyConfigured(f"PUBLIC_URL must look like https://host, not {PUBLIC_URL!r}.")
HTTPS = origin.scheme == "https"

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", origin.hostname, *env.words("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "jobs.views.errors.csrf_failure"
SESSION_COOKIE_NAME = "tuneboard_session"
CSRF_COOKIE_NAME = "tuneboard_csrf"
# With https in PUBLIC_URL a proxy in front of us ends TLS and says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The application

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "dashboard",
    "jobs",
]

MIDDLEWARE = [
    "dashboard.requests.watched_requests",
    "django.middleware.security.SecurityMiddleware",
    "dashboard.csp.csp_middleware",
    "jobs.views.caching.unchanged_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboard.compression.CompressTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.signin_required.SigninRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "dashboard.urls"
APPEND_SLASH = False
WSGI_APPLICATION = "dashboard.asgi.pages"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "jobs.templatetags.tuneboard",
            ],
        },
    }
]

SESSION_ENGINE = "dashboard.sessions"
AUTHENTICATION_BACKENDS = ["dashboard.sessions.Backend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "job_list"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("plotly", NODE_MODULES / "plotly.js-basic-dist-min"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What it remembers


def make_private(file: str) -> None:
    """SQLite would make it for everybody to read, and it holds the keys of sessions."""
    if file != ":memory:":
        with suppress(OSError):  # it is there; else SQLite will say what is wrong
            os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))


def database(url: str) -> dict[str, Any]:
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like sqlite:////folder/file or postgres://user:password@host/name."
        ) from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        make_private(config["NAME"])
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return config


DATABASES = {
    "default": database(env.secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'tuneboard.sqlite3'}")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How it listens

REDIS_URL = broker.checked(env.secret("REDIS_URL")) or broker.url(DATA_DIR)

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # it comes back one day
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "poll": {"task": "jobs.tasks.poll", "schedule": 1.0, "options": {"expires": 5}},
}

# How it is watched

METRICS_TOKEN = env.secret("METRICS_TOKEN")
METRICS_NETWORKS = env.networks("METRICS_NETWORKS")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN must have 16 characters or more.")

LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "PLAIN", ("PLAIN", "JSON"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "PLAIN": {"()": "dashboard.logs.Plain"},
        "JSON": {"()": "dashboard.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {  # uvicorn brings handlers of its own; and paths, of which some are secrets
        "uvicorn": {"handlers": [], "propagate": True},
        "uvicorn.access": {"handlers": [], "propagate": False},
    },
}
logs.hide(
    SECRET_KEY,
    METRICS_TOKEN,
    *ENCRYPTION_KEYS,
    str(DATABASES["default"].get("PASSWORD") or ""),
    urlsplit(REDIS_URL).password or "",
)
