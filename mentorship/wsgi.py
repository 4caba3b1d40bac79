"""The web application as gunicorn loads it, with Celery configured beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorship.settings")

application = get_wsgi_application()

from mentorship.celery import app as celery_app  # noqa: E402,F401
