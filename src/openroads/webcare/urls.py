"""Addresses of the room of webcare."""

from django.urls import URLPattern, URLResolver, include, path

from openroads.webcare.approach.urls import urlpatterns as approach
from openroads.webcare.help.urls import urlpatterns as help_centre
from openroads.webcare.saved.urls import urlpatterns as saved
from openroads.webcare.views import answering, inbox, moving, people, rules

app_name = "webcare"
urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/many/", inbox.many, name="many"),
    path("take/<str:mark>/", inbox.take, name="take"),
    path("cases/<int:case>/", inbox.case, name="case"),
    path("cases/<int:case>/there/", inbox.there, name="there"),
    path("cases/<int:case>/reply/", answering.reply, name="reply"),
    path("cases/<int:case>/draft/", answering.draft, name="draft"),
    path("cases/<int:case>/elsewhere/", answering.elsewhere, name="elsewhere"),
    path("cases/<int:case>/claim/", moving.claim, name="claim"),
    path("cases/<int:case>/take-over/", moving.take_over, name="take_over"),
    path("cases/<int:case>/release/", moving.release, name="release"),
    path("cases/<int:case>/close/", moving.close, name="close"),
    path("cases/<int:case>/reopen/", moving.reopen, name="reopen"),
    path("cases/<int:case>/no-answer/", moving.no_answer, name="no_answer"),
    path("cases/<int:case>/priority/", moving.priority, name="priority"),
    path("cases/<int:case>/hand/", moving.hand, name="hand"),
    path("cases/<int:case>/snooze/", moving.snooze, name="snooze"),
    path("cases/<int:case>/merge/", moving.merge, name="merge"),
    path("cases/<int:case>/split/", moving.split, name="split"),
    path("cases/<int:case>/insight/", people.insight, name="insight"),
    path("messages/<int:message>/take-back/", answering.take_back, name="take_back"),
    path("messages/<int:message>/state/", answering.state, name="state"),
    path("messages/<int:message>/picture/", answering.picture, name="picture"),
    path("messages/<int:message>/approve/", answering.approve, name="approve"),
    path("messages/<int:message>/refuse/", answering.refuse, name="refuse"),
    path("people/<int:contact>/", people.contact, name="contact"),
    path("people/<int:contact>/join/", people.join, name="join_contact"),
    path("people/<int:contact>/apart/", people.apart, name="apart_contact"),
    path("identities/<int:identity>/block/", people.block, name="block"),
    path("identities/<int:identity>/unblock/", people.unblock, name="unblock"),
    path("rules/", rules.rules, name="rules"),
    path("rules/ready/", rules.ready, name="ready_rules"),
    path("rules/add/", rules.add, name="add_rule"),
    path("rules/log/", rules.log, name="rules_log"),
    path("rules/<int:rule>/", rules.change, name="rule"),
    path("rules/<int:rule>/try/", rules.try_out, name="try_rule"),
    path("rules/<int:rule>/end/", rules.end, name="end_rule"),
    *help_centre,
    *saved,
    *approach,
    path("times/", include("openroads.webcare.clocks.urls")),
    path("figures/", include("openroads.webcare.figures.urls")),
    path("satisfaction/", include("openroads.webcare.satisfaction.urls")),
]
