"""Addresses of how we answer: in the room of webcare, and the one a colleague reaches by mail."""

from django.urls import path

from openroads.webcare.approach import public as outside
from openroads.webcare.approach import views

urlpatterns = [
    path("approach/", views.approaches, name="approaches"),
    path("approach/add/", views.add_approach, name="add_approach"),
    path("approach/<int:approach_id>/", views.approach, name="approach"),
    path("approach/<int:approach_id>/end/", views.end_approach, name="end_approach"),
    path("cases/<int:case>/approach/", views.case_approach, name="case_approach"),
    path("cases/<int:case>/ask/", views.ask_colleague, name="ask_colleague"),
    path("questions/", views.questions, name="questions"),
    path("questions/mailbox/", views.answer_mailbox, name="answer_mailbox"),
    path("questions/<int:question_id>/", views.question, name="question"),
    path("questions/<int:question_id>/withdraw/", views.withdraw_question, name="withdraw_question"),
]  # fmt: skip

public = [path("<str:token>/", outside.answer, name="answer")]
