"""Addresses of the room of changes, and of its page for everybody."""

from django.urls import path

from openroads.changes.views import changes, deciding, insights, public, telling, trackers

everybody = [
    path("you-said/", public.you_said, name="you_said"),
    path("you-said/embedded/", public.embedded, name="you_said_embedded"),
    path("you-said/<str:language>.rss", public.feed, name="you_said_feed"),
]

app_name = "changes"
urlpatterns = [
    path("", changes.changes, name="changes"),
    path("clocks/", changes.all_clocks, name="clocks"),
    path("definition/", changes.definition, name="definition"),
    path("insights/", insights.insights, name="insights"),
    path("insights/method/", insights.method, name="method"),
    path("insights/<int:number>/", insights.insight, name="insight"),
    path("insights/<int:number>/decide/", deciding.decide, name="decide"),
    path("insights/<int:number>/hand/", insights.hand, name="hand"),
    path("insights/<int:number>/withdraw/", insights.withdraw, name="withdraw"),
    path("insights/<int:number>/join/", insights.join, name="join"),
    path("insights/<int:number>/publish/", public.publish, name="publish"),
    path("insights/<int:number>/take-back/", public.take_back, name="take_back"),
    path("departments/<int:part_id>/deciding/", deciding.delegates, name="delegates"),
    path(
        "departments/<int:part_id>/deciding/<int:delegate_id>/end/", deciding.end_delegate,
        name="end_delegate",
    ),
    path("trackers/", trackers.trackers, name="trackers"),
    path("trackers/<int:door_id>/close/", trackers.close_tracker, name="close_tracker"),
    path("<int:number>/", changes.change, name="change"),
    path("<int:number>/weeks.csv", changes.weeks_csv, name="weeks_csv"),
    path("<int:number>/live/", changes.live, name="live"),
    path("<int:number>/postpone/", changes.postpone, name="postpone"),
    path("<int:number>/correct/", changes.correct, name="correct"),
    path("<int:number>/stop/", changes.stop, name="stop"),
    path("<int:number>/yield/", changes.say_yield, name="say_yield"),
    path("<int:number>/measure/", changes.measure, name="measure"),
    path("<int:number>/moves/<int:move_id>/leave/", changes.settle_move, name="settle_move"),
    path("<int:number>/telling/", telling.telling, name="telling"),
    path("<int:number>/telling/texts/", telling.texts, name="telling_texts"),
    path("<int:number>/telling/<int:told_id>/", telling.draft, name="draft"),
    path("<int:number>/telling/<int:told_id>/skip/", telling.skip, name="skip"),
    path("<int:number>/telling/<int:told_id>/undo/", telling.undo, name="undo"),
]  # fmt: skip
