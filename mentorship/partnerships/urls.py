"""The addresses of partnerships."""

from django.urls import URLPattern, URLResolver, include, path

from mentorship.partnerships.checkins import views as checkins
from mentorship.partnerships.helping import views as helping
from mentorship.partnerships.views import by_mail, calendars, meetings, pair, pairs, parting, writings

app_name = "partnerships"
of_meeting: list[URLPattern | URLResolver] = [
    path("", meetings.meeting, name="meeting"),
    path("change/", meetings.change, name="change"),
    path("cancel/", meetings.cancel, name="cancel"),
    path("log/", meetings.log, name="log"),
    path("undo/", meetings.undo, name="undo"),
    path("correct/", meetings.correct, name="correct"),
]
of_pair: list[URLPattern | URLResolver] = [
    path("", pair.detail, name="detail"),
    path("question/", pairs.asked, name="asked"),
    path("agreement/", writings.agreement, name="agreement"),
    path("meetings/", pair.meetings, name="meetings"),
    path("meetings/plan/", meetings.plan, name="plan"),
    path("meetings/log/", meetings.log_unplanned, name="log_unplanned"),
    path("meetings/<uuid:meeting_id>/", include(of_meeting)),
    path("goals/", writings.goals, name="goals"),
    path("goals/<uuid:goal_id>/remove/", writings.remove_goal, name="remove_goal"),
    path("notes/", writings.notes, name="notes"),
    path("notes/shared/<uuid:note_id>/remove/", writings.remove_note, {"kind": "shared"}, name="remove_shared"),
    path("notes/private/<uuid:note_id>/remove/", writings.remove_note, {"kind": "private"}, name="remove_private"),
    path("ending/", parting.ending, name="ending"),
    path("different-match/", parting.different_match, name="different_match"),
    path("help/", helping.topics, name="ask_for_help"),
    path("help/<slug:topic>/", helping.ask, name="ask_about"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pairs.mine, name="mine"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/<str:secret>.ics", calendars.feed_of, name="feed"),
    path("log/<str:secret>/", by_mail.log_by_mail, name="log_by_mail"),
    path("check-in/<uuid:check_in_id>/", checkins.check_in, name="check_in"),
    path("check-in/link/<str:secret>", checkins.check_in_link, name="check_in_link"),
    path("help/", helping.overview, name="help"),
    path("help/<uuid:case_id>/", helping.help_case, name="help_case"),
    path("help/<uuid:case_id>/settled/", helping.close, name="help_close"),
    path("<uuid:partnership_id>/", include(of_pair)),
]
