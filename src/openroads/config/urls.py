"""All addresses: signing in, people and trail, then what the front door composes."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("openroads.directory.urls")),
    path("", include("openroads.web.urls")),
    path("", include("openroads.api.urls")),
]
