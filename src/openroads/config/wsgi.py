"""The door for web servers that want a WSGI callable; `openroads run` uses the same one."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openroads.config.settings")

application = get_wsgi_application()
