"""Django's settings, built from the one declared list in `openroads.config.env`."""

import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from openroads.config.env import WrongSettings, read_environment
from openroads.config.keys import FILE, KeyRing, house_keys
from openroads.config.logs import logging_configuration

try:
    _environment = read_environment(os.environ)
    OPENROADS = _environment.values
    _keys = house_keys(
        OPENROADS.data,
        secret_key=OPENROADS.secret_key,
        encryption_keys=OPENROADS.encryption_keys,
    )
except WrongSettings as _wrong:
    # A person who mistyped a setting is owed a sentence, not a traceback.
    raise SystemExit(f"Openroads cannot start:\n{_wrong}") from None
for _warning in _environment.warnings:
    sys.stderr.write(f"{_warning}\n")

OPENROADS.secret_key = _keys.secret_key
OPENROADS.key_ring = KeyRing(
    OPENROADS.data / FILE, _keys.encryption_keys, handed_over=bool(OPENROADS.encryption_keys)
)
OPENROADS.encryption_keys = _keys.encryption_keys
OPENROADS.author_key = _keys.author_key
OPENROADS.archive_location = OPENROADS.archive_url or OPENROADS.data / "archive"
OPENROADS.archive_is_embedded = not OPENROADS.archive_url
if not any(name in os.environ for name in ("OPENROADS_URL", "OPENROADS_URL_FILE")):
    # People type the address the server listens on, unless somebody says otherwise.
    _host = "127.0.0.1" if OPENROADS.host in ("", "0.0.0.0", "::") else OPENROADS.host  # noqa: S104
    OPENROADS.url = f"http://{f'[{_host}]' if ':' in _host else _host}:{OPENROADS.port}"
OPENROADS.mail_leaves = not OPENROADS.mail_url["BACKEND"].endswith("dummy.EmailBackend")

_url = urlsplit(OPENROADS.url)
_https = _url.scheme == "https"
_company_sign_on = bool(OPENROADS.oidc_issuer)

# ------------------------------------------------------------------------------------- the house
SECRET_KEY = OPENROADS.secret_key
DEBUG = False
ALLOWED_HOSTS = [str(_url.hostname), *OPENROADS.allowed_hosts]
if _url.hostname in ("127.0.0.1", "localhost"):
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [OPENROADS.url]
ROOT_URLCONF = "openroads.config.urls"
WSGI_APPLICATION = "openroads.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "openroads.web",
    "openroads.safekeeping",
    "openroads.listening",
    "openroads.webcare",
    "openroads.champions",
    "openroads.changes",
    "openroads.delivery",
    "openroads.directory",
    "openroads.ui",
    # After the rooms, so that our templates replace theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_tasks_db",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "openroads.config.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "openroads.config.middleware.last_headers",
    "openroads.config.middleware.awake_first",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page asks for a name, except those marked login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "openroads.directory.middleware.language_of_person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    # Last, so that its page is like all others; still before any view, and before the form is read.
    "openroads.config.bodies.refused_bodies",
]

FORM_RENDERER = "openroads.ui.fields.FieldsOfTheHouse"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openroads.web.menu.shell",
            ],
        },
    }
]

# ----------------------------------------------------------------------------------------- stores
_sqlite: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": OPENROADS.data / "db.sqlite3",
    # TRICKY: with the default DEFERRED, 8 writers lose 3 of 4 transactions to "database is locked";
    # with IMMEDIATE they queue up and none is lost.
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # secure_delete: what is deleted is overwritten, so that nothing of an erased author stays in
        # pages that wait to be used again.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
    },
    # A file, because threads cannot share a database in memory.
    "TEST": {"NAME": OPENROADS.data / "test.sqlite3"},
}
_postgresql: dict[str, Any] = {
    "CONN_MAX_AGE": 60,  # the worker reconnects at every job otherwise: 16 jobs a second, not 40
    "CONN_HEALTH_CHECKS": True,
    **OPENROADS.database_url,
}
if OPENROADS.database_url:
    # A server that is away must be an error after seconds, not a page that hangs.
    _postgresql["OPTIONS"] = {"connect_timeout": "5", **OPENROADS.database_url["OPTIONS"]}
DATABASES = {"default": _postgresql if OPENROADS.database_url else _sqlite}

# One process on SQLite has its own memory; several processes on PostgreSQL count failed sign-ins
# together in a table. TRICKY: Django keeps 300 entries unless told otherwise, and throws out a third
# when there are more: whoever fails under 300 names would be forgotten.
_shared: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "openroads_cache",
}
_own: dict[str, Any] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        **(_shared if OPENROADS.database_url else _own),
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Remembered figures carry the archive's revision, so each process may keep its own.
    "answers": {
        "BACKEND": "openroads.listening.answers.AsTheyAre",
        "LOCATION": "answers",
        "OPTIONS": {"MAX_ENTRIES": 100},  # a large reading takes a megabyte
    },
    "places": {
        "BACKEND": "openroads.listening.answers.AsTheyAre",
        "LOCATION": "places",
        "OPTIONS": {"MAX_ENTRIES": 1_000},  # a page of posts takes some kilobytes
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# ---------------------------------------------------------------------------------------- language
LANGUAGE_CODE = OPENROADS.language
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _https
TIME_ZONE = OPENROADS.time_zone
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# -------------------------------------------------------------------------------------------- files
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # no collectstatic step between `pip install` and the first page
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = OPENROADS.data / "uploads"  # the system's own is small, or memory
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# ----------------------------------------------------------------------------------- the front door
# `__Host-`: a cookie that no sub-domain and no plain-http page can overwrite. It needs https.
SESSION_COOKIE_NAME = "__Host-openroads" if _https else "openroads"
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False  # the proxy's task; the health page is asked over plain http
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if OPENROADS.trusted_proxy_count else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # data: the QR code of two-step sign-in
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --------------------------------------------------------------------------------------- signing in
AUTH_USER_MODEL = "directory.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": _validation + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": _validation + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": _validation + "CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "openroads.directory.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator vouches for the address of each person
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # or strangers make this server mail anybody
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Openroads: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _url.scheme
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    # Ours: the key above holds the address it came from, so that a stranger locks out only
    # himself. This one counts failures for one person from everywhere.
    "login_failed_anywhere": "100/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = OPENROADS.trusted_proxy_count

MFA_ADAPTER = "openroads.directory.signing_in.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Openroads"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # browsers allow passkeys on http://localhost only

SOCIALACCOUNT_ADAPTER = "openroads.directory.signing_in.CompanyAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
# The company's own issuer vouches for the address, as an administrator does.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "provider_class": "openroads.directory.single_sign_on.provider.CompanyProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": OPENROADS.oidc_name,
                "client_id": OPENROADS.oidc_client_id,
                "secret": OPENROADS.oidc_client_secret,
                "settings": {"server_url": OPENROADS.oidc_issuer},
            }
        ]
        if _company_sign_on
        else [],
    }
}

# --------------------------------------------------------------------------------------------- mail
for _name, _value in OPENROADS.mail_url.items():
    globals()[f"EMAIL_{_name}"] = _value
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = OPENROADS.mail_from
SERVER_EMAIL = OPENROADS.mail_from

# ---------------------------------------------------------------------------------------------- log
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_configuration(OPENROADS.log_format)
