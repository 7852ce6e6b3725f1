"""Addresses of the front door, and where each room's addresses begin."""

from django.urls import include, path

from openroads.champions import urls as champions
from openroads.changes.urls import everybody
from openroads.listening.requests.urls import public as notice
from openroads.web import views
from openroads.web.handing import ORIGINS
from openroads.webcare.approach.urls import public as colleague
from openroads.webcare.help.urls import public as centre

house = [
    path("", views.home, name="home"),
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/<slug:step>/", views.welcome, name="welcome_step"),
    path("demo/enter/", views.enter_demo, name="enter_demo"),
    *(path(name, view, name=name) for name, view in views.AWAKE.items()),
    path("robots.txt", views.robots, name="robots"),
]

urlpatterns = [
    path("", include((house, "web"))),
    path("", include("openroads.ui.urls")),
    path("", include("openroads.delivery.urls")),
    path("listen/", include("openroads.listening.urls")),
    path("listen/", include("openroads.listening.labels.urls")),
    path("listen/", include("openroads.listening.patterns.urls")),
    path("listen/", include("openroads.listening.culture.urls")),
    path("answer/", include("openroads.webcare.urls")),
    path("changes/", include("openroads.changes.urls")),
    path("champions/", include((champions.addresses(ORIGINS), champions.NAME))),
    path("listen/", include("openroads.listening.pushed.urls")),
    path("listen/", include("openroads.listening.spending.urls")),
    path("listen/reputation/", include("openroads.listening.reputation.urls")),
    path("listen/signals/", include("openroads.listening.signals.urls")),
    path("listen/language-model/", include("openroads.listening.language_model.urls")),
    path("listen/themes/", include("openroads.listening.themes.urls")),
    path("erasing/", include("openroads.listening.erasing.urls")),
    path("keeping/", include("openroads.listening.keeping.urls")),
    path("names/", include("openroads.listening.sight.urls")),
    path("requests/", include("openroads.listening.requests.urls")),
    path("notice/", include((notice, "notice"))),
    path("help/", include((centre, "centre"))),
    path("colleague/", include((colleague, "colleague"))),
    path("", include((everybody, "public"))),
]
