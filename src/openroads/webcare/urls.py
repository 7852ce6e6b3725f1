"""Addresses of the room of webcare."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "webcare"
urlpatterns: list[URLPattern | URLResolver] = [
    path("times/", include("openroads.webcare.clocks.urls")),
    path("figures/", include("openroads.webcare.figures.urls")),
    path("satisfaction/", include("openroads.webcare.satisfaction.urls")),
]
