"""All settings, read from the environment; `.env.example` lists each one with its default.

A missing or malformed setting stops the start with one clear line, so every value is read through `env`.
"""

import base64
import binascii
import os
import sys
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file() and "PERENNIAL_TEST" not in os.environ:
    env.read_env(BASE_DIR / ".env")

T = TypeVar("T")


def stop(name: str, problem: str) -> None:
    """End the process with one line that names the setting and says what to do."""
    raise SystemExit(f"{name}: {problem} (see .env.example)")


def read(name: str, cast: Callable[[str], T], default: Any = environ.Env.NOTSET) -> T:
    """Return setting `name` cast by `cast`; where it is missing without a default or malformed, stop."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        if default is environ.Env.NOTSET:
            stop(name, "is not set")
        return default  # type: ignore[no-any-return]
    try:
        return cast(raw)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        stop(name, f"cannot be read: {error}")
    raise AssertionError


def boolean(raw: str) -> bool:
    if raw.lower() in {"true", "yes", "on", "1"}:
        return True
    if raw.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError(f"“{raw}” is neither true nor false")


def words(raw: str) -> list[str]:
    return [word.strip() for word in raw.split(",") if word.strip()]


def one_of(*choices: str) -> Callable[[str], str]:
    def cast(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"“{raw}” is none of {', '.join(choices)}")
        return raw

    return cast


def web_address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"“{raw}” is not a web address such as https://mentorship.example.org")
    return raw.rstrip("/")


def mailbox(raw: str) -> str:
    if "@" not in parseaddr(raw)[1]:
        raise ValueError(f"“{raw}” is not a mail address")
    return raw


def time_zone(raw: str) -> str:
    try:
        return ZoneInfo(raw).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"“{raw}” is not a time zone such as America/Los_Angeles") from error


def database(raw: str) -> dict[str, Any]:
    config = environ.Env.db_url_config(raw)
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ValueError("only postgres:// addresses are supported")
    return dict(config)


def key_ring(raw: str) -> dict[str, bytes]:
    """`id:base64` pairs, comma-separated; the first one encrypts, all of them decrypt."""
    ring: dict[str, bytes] = {}
    for pair in words(raw):
        key_id, _colon, encoded = pair.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ValueError(f"key “{key_id}” is not base64") from error
        if len(key_id) != 4 or not key_id.isalnum() or not key_id.isascii() or len(key) != 32:
            raise ValueError("each key is four letters or digits, a colon, and 32 bytes in base64")
        ring[key_id] = key
    return ring


# --- what kind of installation this is ---
DEMO = read("DEMO", boolean, False)
DEBUG = False
SECRET_KEY = read("SECRET_KEY", str)
ENCRYPTION_KEYS = read("ENCRYPTION_KEYS", key_ring)
PUBLIC_URL = read("PUBLIC_URL", web_address)
LIBRARY_NAME = read("LIBRARY_NAME", str, "Riverbend Public Library" if DEMO else "Public Library")
IDENTITY = read("IDENTITY", one_of("per-season", "never"), "per-season")
if DEMO and urlsplit(PUBLIC_URL).hostname not in {
    "127.0.0.1",
    "localhost",
    "::1",
    "testserver",
}:
    # The demo lets anybody enter as anybody: it must not be reachable from elsewhere.
    stop("DEMO", "true is for this computer alone; PUBLIC_URL must be a loopback address")

# Outside the database, so that a restored backup forgets erased people again.
ERASURE_LEDGER = read("ERASURE_LEDGER", Path, BASE_DIR / "var" / "erasures.jsonl")

# --- addresses ---
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = read(
    "ALLOWED_HOSTS",
    words,
    [_public.hostname] + (["127.0.0.1", "localhost"] if DEMO else []),
)
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS", words, [f"{_public.scheme}://{_public.netloc}"])
TRUSTED_PROXY_COUNT = read("TRUSTED_PROXY_COUNT", int, 0)
HTTPS = _public.scheme == "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- what it is made of ---
ROOT_URLCONF = "mentorship.urls"
WSGI_APPLICATION = "mentorship.wsgi.application"
LOCAL_APPS = [
    "mentorship.common",
    "mentorship.records",
    "mentorship.jobs",
    "mentorship.people",
    "mentorship.questionnaires",
    "mentorship.reminders",
    "mentorship.seasons",
    "mentorship.applications",
    "mentorship.partnerships",
    "mentorship.learning",
    "mentorship.toolkit",
    "mentorship.community",
    "matching",
    "surveys",
    "mentorship.reports",
    "mentorship.portal",
]
INSTALLED_APPS = [
    *LOCAL_APPS,
    "mentorship.common.apps.SeasonAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "pgtrigger",
    "template_partials",
]
MIDDLEWARE = [
    "mentorship.common.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentorship.people.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mentorship.people.middleware.SharedComputerMiddleware",
    "mentorship.people.middleware.DirectoryOnlyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mentorship.common.requests.ReadableQueryMiddleware",
    "mentorship.common.locks.BusyMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mentorship.common.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "perennial"
CRISPY_FAIL_SILENTLY = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database, cache, broker ---
DATABASES = {"default": read("DATABASE_URL", database)}
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=3000")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Rate limits and used second-factor codes live here: culling them would forget them.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
REDIS_URL = read("REDIS_URL", str)
if urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    stop("REDIS_URL", "is neither redis://, rediss:// nor unix://")
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1_860
CELERY_TASK_SOFT_TIME_LIMIT = 1_800
CELERY_TASK_DEFAULT_QUEUE = "long"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
}
CELERY_TIMEZONE = "UTC"

# --- who may come in ---
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "mentorship.people.backends.ActivePersonBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "mentorship.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "mentorship.people.forms.LoginForm",
    "request_login_code": "mentorship.people.forms.RequestLoginCodeForm",
    "reset_password": "mentorship.people.forms.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "employee_number"
ACCOUNT_USER_DISPLAY = "mentorship.people.adapters.display_name"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
# Nobody has to have a mailbox; an address that a person adds is confirmed by a link.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Strict: not even the page where one adds an address says whether somebody else has it.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
# Every session ends with the password; whoever changed it stays signed in.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How long one stays signed in is asked by our forms and kept by SharedComputerMiddleware.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# A whole library system may sit behind one address, so limits by address are wide and limits by account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/m/ip,10/5m/key",
    "reset_password": "120/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
    "request_login_code": "120/m/ip,5/m/key",
    "sign_in_code": "300/m/ip,5/15m/key",
}
MFA_ADAPTER = "mentorship.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_TOTP_ISSUER = LIBRARY_NAME
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
SOCIALACCOUNT_ADAPTER = "mentorship.people.adapters.DirectoryAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_ONLY = read("OIDC_ONLY", boolean, False)
OIDC_DOMAINS = [domain.lower() for domain in read("OIDC_DOMAINS", words, [])]
OIDC_TENANT = read("OIDC_TENANT", str, "")
OIDC_SERVER_URL = read("OIDC_SERVER_URL", web_address, "")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    if not OIDC_DOMAINS:
        stop("OIDC_DOMAINS", "names no mail domain, so nobody could be linked to their directory account")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "library",
                "name": read("OIDC_NAME", str, LIBRARY_NAME),
                "client_id": read("OIDC_CLIENT_ID", str),
                "secret": read("OIDC_CLIENT_SECRET", str),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }
if OIDC_ONLY and not OIDC_SERVER_URL:
    stop("OIDC_ONLY", "needs OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET")
# Sessions are encrypted, and unless the person says that the computer is theirs, they end with the browser or after
# some idle minutes. The row stays for the rest of a working day, so that what is sent too late finds its person.
SESSION_ENGINE = "mentorship.people.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SHARED_COMPUTER_IDLE_SECONDS = 15 * 60
OWN_COMPUTER_SECONDS = 14 * 24 * 60 * 60
KEPT_ANSWERS_SECONDS = 30 * 60

# --- language and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
LIBRARY_ZONE = read("LIBRARY_ZONE", time_zone, "America/Los_Angeles")
TIME_ZONE = LIBRARY_ZONE

# --- static files and mail ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = read("STATIC_ROOT", Path, BASE_DIR / "var" / "static")
# The demo and the tests serve straight from the source tree; a real installation runs collectstatic.
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("MAIL_FROM", mailbox, "Mentorship <mentorship@library.example>")
MAIL_DIR = read("MAIL_DIR", str, "")
if MAIL_DIR:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    _mail = read("EMAIL_URL", environ.Env.email_url_config, {} if DEMO else environ.Env.NOTSET)
    vars().update(_mail)
EMAIL_TIMEOUT = 20

# --- logs: one JSON object a line on standard output, with a request id and no personal data ---
# A management command's standard output is its result, so its log goes to standard error.
_log_stream = sys.stderr if Path(sys.argv[0]).name == "manage.py" else sys.stdout
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "mentorship.common.logs.JsonFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": _log_stream,
            "formatter": "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": read("LOG_LEVEL", str.upper, "INFO")},
    "loggers": {"django.server": {"handlers": ["stdout"], "propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
