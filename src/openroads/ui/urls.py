"""Addresses of the shell itself: menu, theme, language, keys, colours, and the sheet of parts for developers."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from openroads.ui import views


class ColourConverter(StringConverter):
    """A colour without its #, in small letters: one address for each."""

    regex = "[0-9a-f]{6}"


register_converter(ColourConverter, "colour")

app_name = "ui"
urlpatterns = [
    path("menu/", views.menu, name="menu"),
    path("theme/", views.theme, name="theme"),
    path("language/", login_not_required(set_language), name="language"),
    path("keys/", views.keys, name="keys"),
    path("colours/<colour:accent>.css", views.stylesheet, name="colours"),
    path("parts/", views.parts, name="parts"),
]
