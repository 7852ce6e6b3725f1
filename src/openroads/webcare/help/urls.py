"""Addresses of the help centre: in the room of webcare, and open to all."""

from django.urls import path, register_converter

from openroads.webcare.help import beside, views
from openroads.webcare.help import public as centre


class Language:
    """One of the languages of the help centre."""

    regex = "nl|en"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Language, "tongue")

urlpatterns = [
    path("articles/", views.articles, name="articles"),
    path("articles/add/", views.add_article, name="add_article"),
    path("articles/centre/", views.centre, name="centre"),
    path("articles/method/", views.method, name="articles_method"),
    path("articles/<int:number>/", views.article, name="article"),
    path("articles/<int:number>/write/<tongue:language>/", views.write_version, name="write_version"),
    path("articles/<int:number>/describe/", views.describe_article, name="describe_article"),
    path("articles/<int:number>/publish/", views.publish_article, name="publish_article"),
    path("articles/<int:number>/end/", views.end_article, name="end_article"),
    path("articles/<int:number>/check/", views.check_article, name="check_article"),
    path("cases/<int:case>/beside/", beside.beside, name="beside"),
    path("cases/<int:case>/use/", beside.use_answer, name="use_answer"),
]  # fmt: skip

public = [
    path("", centre.centre, name="centre"),
    path("<int:number>-<slug:slug>/", centre.article, name="article"),
    path("<int:number>/feedback/", centre.feedback, name="feedback"),
]
