"""Django settings: safe by default, one file, everything a district may change in an environment variable.

SIKLUS_DATABASE_URL   sqlite:///var/siklus.sqlite3 (default) or postgres://user:word@host:port/name[?host=/socket/dir]
SIKLUS_VAR            folder of what this server writes (default var/)
SIKLUS_MADE           what is made of rule books is kept here for the next process (default made/ in SIKLUS_VAR)
SIKLUS_SECRET_KEY     else a key is made once in var/secret-key, readable by its owner only
SIKLUS_KEYS           the keys of NIK and No. KK, else SIKLUS_KEYS_FILE (made once: var/keys/identity.json, 0600)
SIKLUS_HOSTS          names this server answers to, with commas (default 127.0.0.1,localhost)
SIKLUS_HTTPS=1        the server stands behind https: cookies only there, HSTS
SIKLUS_DEBUG=1        Django's debug pages, for developers
SIKLUS_TODAY          a fixed "today" (yyyy-mm-dd) for tests and demonstrations
SIKLUS_LOG            how much is logged as lines of JSON without names (default WARNING; INFO: each request too)
SIKLUS_METRICS_TOKEN  who sends it as bearer may read /health whole and /metrics from elsewhere than this machine
SIKLUS_DISK_MIN_MB    with less room on the disk /health says the server is not fit (default 200)
SIKLUS_BACKUP_...     folder, key, number and hours of backups: see siklus/site/upkeep/plan.py
SIKLUS_HASHED_STATIC=1  static files by their hashed names from var/static (`siklus serve` collects them first)
"""

from __future__ import annotations

import os
from pathlib import Path

from siklus.site.environment import database_from_url, secret_key

PROJECT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("SIKLUS_VAR") or PROJECT / "var")
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("SIKLUS_DEBUG") == "1"
SECRET_KEY = os.environ.get("SIKLUS_SECRET_KEY") or secret_key(VAR / "secret-key")
SIKLUS_KEYS = os.environ.get("SIKLUS_KEYS", "")
SIKLUS_KEYS_FILE = os.environ.get("SIKLUS_KEYS_FILE") or VAR / "keys" / "identity.json"
ALLOWED_HOSTS = [name for name in os.environ.get("SIKLUS_HOSTS", "127.0.0.1,localhost").split(",") if name]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SIKLUS_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "siklus.register",
    "siklus.access",
    "siklus.care",
    "siklus.monitoring",
    "siklus.trials",
    "siklus.reviews",
    "siklus.doubles",
    "siklus.exchange.excel",
    "siklus.sync",
    "siklus.desk",
]

MIDDLEWARE = [
    "siklus.site.middleware.ToldAndCounted",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "siklus.site.middleware.StrictContentPolicy",
    "siklus.site.closing.ShowsNobody",
    "siklus.site.middleware.OneRuleBook",
    "siklus.site.middleware.OnlyLetters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "siklus.desk.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "siklus.access.sessions.BelievedForAWhile",
    "siklus.access.sessions.NothingBeforeThat",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "siklus.site.middleware.SaysItAnswered",
]

ROOT_URLCONF = "siklus.site.urls"
WSGI_APPLICATION = "siklus.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("SIKLUS_DATABASE_URL", ""), VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who you are, and how long we believe it.
AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["siklus.access.backend.PatientBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},  # OWASP ASVS 4.0.3, V2.1.1; no rules of composition (V2.1.9)
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/masuk/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/masuk/"

# OWASP ASVS 4.0.3, V3.3.2 level 2: a login is believed for 12 hours, and for 30 minutes of silence.
SIKLUS_SESSION_SECONDS = SESSION_COOKIE_AGE = 12 * 60 * 60
SIKLUS_IDLE_SECONDS = 30 * 60
SIKLUS_SURE_SECONDS = 15 * 60  # after that a dangerous act asks for the password or a code again (V3.7.1)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "siklus_sesi"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if os.environ.get("SIKLUS_HTTPS") == "1":
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^health$", "^metrics$"]  # asked by the machine itself
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Words and days: Indonesian is the source, English a translation; care goes by the calendar date of the district.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = True
SIKLUS_TODAY = os.environ.get("SIKLUS_TODAY", "")
# What makes state, needs and coverage again in bulk; rooms that may not import it (imports of large files) call it.
SIKLUS_REBUILD = "siklus.bulk.rebuild.rebuild"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
HASHED_STATIC = os.environ.get("SIKLUS_HASHED_STATIC") == "1"
WHITENOISE_USE_FINDERS = not HASHED_STATIC
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "siklus.site.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line" if DEBUG else "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SIKLUS_LOG", "WARNING")},
}
