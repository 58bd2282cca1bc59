"""Every setting of the service; a deployment sets them through the environment only."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from orchestrator.embedded import addresses, secrets
from orchestrator.env import read_bool, read_database, read_int, read_list, read_secret, read_str

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = addresses.home()

# Servers. Where none is named, `manage.py up` runs embedded ones under HOME.
DATABASE_URL = read_str("DATABASE_URL")
EMBEDDED = not DATABASE_URL
DATABASES = {
    "default": read_database(DATABASE_URL or addresses.database_url(HOME))
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
CELERY_BROKER_URL = read_str("CELERY_BROKER_URL") or addresses.broker_url(HOME)

# Security. An embedded installation keeps a random key of its own; a deployment must bring one.
SECRET_KEY = secrets.secret_key(HOME) if EMBEDDED else read_secret("CANTHUS_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = read_list("CANTHUS_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = read_list("CANTHUS_TRUSTED_ORIGINS", [])
HTTPS = read_bool("CANTHUS_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Whether subdomains are HTTPS only, and preloaded, is for the owner of the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
BEHIND_PROXY = read_bool("CANTHUS_BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # The API docs draw their icons from data: addresses.
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "orchestrator.errors.forged"
AUTH_USER_MODEL = "projects.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["projects.teams.passwords.Argon2"]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "home", "login"
TOKEN_LIFETIME = timedelta(hours=read_int("CANTHUS_TOKEN_HOURS", 24, least=1))
LINK_LIFETIME = timedelta(hours=1)  # How long a signed download or image address works.

# Limits on what comes in.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # bytes of a body that is not a file
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # bytes; larger files are streamed to disk
MAX_IMAGE_BYTES = read_int("CANTHUS_MAX_IMAGE_MB", 64, least=1) * 2**20
MAX_IMAGE_PIXELS = read_int("CANTHUS_MAX_IMAGE_MEGAPIXELS", 64, least=1) * 10**6
MAX_ARCHIVE_BYTES = read_int("CANTHUS_MAX_ARCHIVE_MB", 4096, least=1) * 2**20
MAX_ARCHIVE_ENTRIES = read_int("CANTHUS_MAX_ARCHIVE_ENTRIES", 100_000, least=1)
FILE_UPLOAD_TEMP_DIR = read_str("CANTHUS_UPLOAD_DIR") or None

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "projects",
    "tasks",
    "orchestrator",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orchestrator.errors.ProblemMiddleware",
    "orchestrator.idempotency.IdempotencyMiddleware",
]
ROOT_URLCONF = "orchestrator.urls"
WSGI_APPLICATION = "orchestrator.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Files: images and releases in HOME, or in S3-compatible storage where a bucket is named.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = HOME / "media"
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if read_str("CANTHUS_S3_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": read_str("CANTHUS_S3_BUCKET"),
            "endpoint_url": read_str("CANTHUS_S3_ENDPOINT") or None,
            "access_key": read_str("CANTHUS_S3_ACCESS_KEY") or None,  # a name, not a secret: often 20 characters
            "secret_key": read_secret("CANTHUS_S3_SECRET_KEY") if read_str("CANTHUS_S3_SECRET_KEY") else None,
            "default_acl": None,
            "file_overwrite": False,
            "max_memory_size": 16 * 2**20,  # bytes; larger files wait on disk while they are read
        },
    }

# Background work. The broker carries ids and may be lost at any time; the sweeps find what it dropped.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 3300  # seconds; less than the visibility timeout, or a second copy would start
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = read_str("CANTHUS_QUEUE", "canthus")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A broker that is away must not hold up a submission: one try, then the sweep does it.
HASTY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
if CELERY_BROKER_URL.startswith(("amqp", "pyamqp")):
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_WORKER_DETECT_QUORUM_QUEUES = True
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True} | HASTY
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    } | HASTY

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "orchestrator.authentication.TokenAuthentication",
        "orchestrator.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["orchestrator.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "orchestrator.paging.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["orchestrator.filters.AllowedFilters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"login": "30/min"},  # counted by each web process
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,  # else anybody could name another address with each try
    "EXCEPTION_HANDLER": "orchestrator.errors.problem_of",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
    "DATETIME_FORMAT": "iso-8601",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Canthus",
    "DESCRIPTION": "Orchestrates crowdsourced landmark labelling.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ProjectStatus": "projects.project.ProjectStatus",
        "SchemaStatus": "projects.schemas.models.SchemaStatus",
        "ImportStatus": "projects.datasets.models.ImportStatus",
        "ReleaseStatus": "projects.deliveries.models.ReleaseStatus",
        "TaskStatus": "tasks.task.Status",
        "AssignmentStatus": "tasks.assignment.models.AssignmentStatus",
        "ReviewStatus": "tasks.review.models.ReviewStatus",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read_str("CANTHUS_LOG_LEVEL", "INFO")},
    "loggers": {"django": {"level": "INFO"}, "httpx": {"level": "WARNING"}},
}
