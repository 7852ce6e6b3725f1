"""Addresses of the room of webcare."""

from django.urls import URLPattern, URLResolver

from openroads.webcare.approach.urls import urlpatterns as approach
from openroads.webcare.help.urls import urlpatterns as help_centre
from openroads.webcare.saved.urls import urlpatterns as saved

app_name = "webcare"
urlpatterns: list[URLPattern | URLResolver] = [*help_centre, *saved, *approach]
