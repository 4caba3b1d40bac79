"""The table: every route that isn't one of the stock admin's, with its policy."""

from django.contrib import admin

from tests.guards.access import (
    SECOND_FACTOR,
    SIGN_IN,
    Policy,
    Target,
    by_slug,
    coordinators,
    each,
    model_policies,
    of,
    own,
    patterns,
    person,
    post_only,
    public,
    seasons,
    served,
    staff,
    visitor,
    with_arguments,
)
from tests.guards.cast import (
    CHECK_IN_SECRET,
    COORDINATORS,
    EVERYBODY,
    FEED_SECRET,
    LOG_SECRET,
    SIGNED_IN,
    STAFF,
    STOP_SECRET,
    UNCONCERNED,
)

WITHOUT_FACTOR = SIGNED_IN - STAFF - {"unproved"}
# Whoever may enter the admin has a second factor; "unproved" hasn't shown it in this session.
WITH_FACTOR = STAFF | {"unproved"}
NO_RUN = {"get": 404, "post": 404}
WITHOUT_RUN = {"open": NO_RUN, "draft": NO_RUN}
KEYS = ("work", "goals", "meeting", "questions", "experiences", "identity")
# Among them the one who was told of an exception and waits for a match.
LEARNERS = COORDINATORS | {"unproved", "mentee", "mentor", "asked_mentee"}
# What can't be written any more leads back to the application.
CLOSED = {"get": 302, "post": 302}


def just(statuses=None, **arguments):
    """Fixed arguments instead of a thing of the cast."""
    name = " ".join(str(value) for value in arguments.values())
    return lambda cast: [Target(name, arguments, **(statuses or {}))]


def sections(cast):
    """Each screen of an application; peers' and closed ones behave otherwise."""
    found = []
    for key in KEYS:
        # An empty form is complete where nothing is demanded.
        post = 302 if key in {"experiences", "identity", "questions"} else 200
        for target in own()(cast):
            closed = target.name in {"refused", "appealed"}
            absent = (key == "identity" and closed) or (key == "questions" and closed)
            statuses = {"get": 404, "post": 404} if absent else CLOSED if closed else {"get": 200, "post": post}
            found.append(Target(f"{target.name} {key}", target.arguments | {"key": key}, target.seen_by, **statuses))
    return found


def pair_of(name, seen_by=EVERYBODY, **statuses):
    return lambda cast: [
        Target(
            name, {"mentee": cast.things[name].mentee_id, "mentor": cast.things[name].mentor_id}, seen_by, **statuses
        )
    ]


def texts(**statuses):
    """A module, an agenda and the supervisors' briefing; a version that isn't in use yet is nobody's to read."""
    readers = {"module": LEARNERS, "agenda": LEARNERS, "briefing": EVERYBODY, "unused_text": set()}
    return lambda cast: [
        Target(name, {"slug": cast.things[name].slug}, frozenset(seen_by), **statuses.get(name, {}))
        for name, seen_by in readers.items()
    ]


def asked(seen_by):
    """The survey that can be answered, and one that is over, for those who were invited."""
    return each(of("open_wave", seen_by, key="wave_id"), of("released_wave", seen_by, key="wave_id", **CLOSED))


def reports(*names):
    """Reports of published seasons by their readers; the draft for coordinators, the past one for its members too."""
    seen = {"draft": COORDINATORS | {"unproved"}, "past": RESULTS}
    return lambda cast: [Target(name, {"slug": cast.things[name].slug}, seen.get(name, REPORTS)) for name in names]


def report_files():
    """The files of a report that there is, and of one that begins later."""
    return lambda cast: [
        Target("past", {"slug": cast.past.slug}, REPORTS),
        Target("running", {"slug": cast.running.slug}, REPORTS),
        Target("review", {"slug": cast.review.slug}, frozenset()),
    ]


def part(name, key, seen_by=frozenset({"mentee", "mentor"}), **statuses):
    """Something of the announced pair, and the pair with it."""
    return lambda cast: [
        Target(
            name,
            {"partnership_id": cast.pair.pk, key: cast.things[name].pk},
            frozenset(seen_by),
            **statuses,
        )
    ]


def meeting(name, seen_by=frozenset({"mentee", "mentor"}), **statuses):
    return part(name, "meeting_id", seen_by, **statuses)


PAIR = "partnerships/<uuid:partnership_id>/"
MEETING = f"{PAIR}meetings/<uuid:meeting_id>/"
PAIRS = "admin/partnerships/partnership/"
OWN_PAIR = each(of("pair", {"mentee", "mentor"}, key="partnership_id"), of("asked_pair", set(), key="partnership_id"))
TOLD = each(of("pair", UNCONCERNED), of("asked_pair", set()))
JOBS = each(
    of("job", COORDINATORS | {"unproved"}, key="job_id"),
    of("import_job", STAFF | {"unproved"}, key="job_id"),
)
LONELY = of("lonely", key="application_id")
MATCHES = each(of("match", key="match_id"), of("asked_match", UNCONCERNED, key="match_id"))
DECISIONS = "admin/matching/matchrun/match/<uuid:match_id>/"
MATCHING = "admin/matching/matchrun/"
OF_CIRCLES = of("circling", key="season_id")
CIRCLE, PEER = of("circle", key="circle_id"), of("peer", key="application_id")
SCREENING = "admin/applications/application/"
SURVEYS = "admin/surveys/wave/"
# Whoever was invited to both surveys, and who may read what was published: coordinators without their factor too.
ASKED = frozenset({"mentee", "mentor"})
RESULTS = ASKED | COORDINATORS | {"unproved", "analyst", "leadership"}
WORDS, IDLE = "admin/seasons/season/<uuid:pk>/messages/<slug:rule>/<slug:language>/", "application-idle"
CHECK_INS = "admin/partnerships/checkin/"
HELP_CASES = "admin/partnerships/helpcase/"
# Reports are read by the same without the members, who read a sentence once their season is closed.
REPORTS = RESULTS - ASKED

TABLE: dict[str, Policy] = {
    # portal
    "": person(),
    "livez": public(html=False),
    "readyz": public(get=503, html=False),
    "language": post_only(public),
    "help": public(),
    "privacy": public(),
    # people
    "account/code/": visitor(post=200),
    "account/first-steps/": person(),
    "account/second-factor/": person(others=dict.fromkeys(STAFF, (302, 405))),
    "account/still-there/": person(),
    "account/stay/": post_only(person),
    "account/this-computer/": post_only(person),
    "account/kept/": person(get=302, post=302),
    "account/profile/": person(post=200),
    "account/profile/absences/": post_only(person, 200),
    "account/profile/absences/<uuid:absence_id>/remove/": post_only(
        person, targets=of("absence", {"applicant"}, key="absence_id")
    ),
    # allauth's
    "account/login/": visitor(post=200),
    "account/logout/": person(post=302, leads=SIGN_IN),
    "account/inactive/": public(),
    "account/signup/": visitor(post=200),
    "account/reauthenticate/": person(post=200),
    "account/email/": person(post=302),
    "account/confirm-email/": public(),
    "account/^confirm-email/(?P<key>[-:\\w]+)/$": public(post=404, targets=just(key="abc")),
    "account/password/change/": person(post=200),
    "account/password/set/": person(get=302, post=302),
    "account/password/reset/": public(post=200),
    "account/password/reset/done/": public(),
    "account/password/reset/confirm/": public(get=302, post=302, leads=SIGN_IN),
    "account/password/reset/complete/": public(get=302, post=302),
    "account/login/code/": visitor(post=200),
    "account/login/code/confirm/": visitor(get=302, post=302),
    "account/2fa/": person(),
    "account/2fa/authenticate/": visitor(get=302, post=302, leads=SIGN_IN),
    "account/2fa/reauthenticate/": person(
        get=302, post=302, others=dict.fromkeys(WITH_FACTOR, (200, 200))
    ),
    "account/2fa/totp/activate/": person(post=200, others=dict.fromkeys(WITH_FACTOR, (302, 302))),
    "account/2fa/totp/deactivate/": person(
        get=404, post=404, others=dict.fromkeys(WITH_FACTOR, (200, 302))
    ),
    "account/2fa/recovery-codes/": person(get=404),
    "account/2fa/recovery-codes/generate/": person(post=200, others=dict.fromkeys(WITH_FACTOR, (200, 302))),
    "account/2fa/recovery-codes/download/": person(get=404, post=404, html=False),
    "account/2fa/webauthn/": person(),
    "account/2fa/webauthn/add/": person(post=200),
    "account/2fa/webauthn/reauthenticate/": person(get=302, post=302),
    "account/2fa/webauthn/keys/<int:pk>/remove/": person(get=404, post=404, targets=just(pk=1)),
    "account/2fa/webauthn/keys/<int:pk>/edit/": person(get=404, post=404, targets=just(pk=1)),
    "account/2fa/webauthn/login/": visitor(get=302, post=302, leads=SIGN_IN),
    "account/3rdparty/login/cancelled/": public(),
    "account/3rdparty/login/error/": public(get=401),
    "account/3rdparty/signup/": public(get=302, post=302, leads=SIGN_IN),
    "account/3rdparty/": person(post=200),
    **{f"account/social/{name}/": public(get=301, post=301) for name in (
        "login/cancelled", "login/error", "signup", "connections"
    )},
    **{
        f"account/oidc/^(?P<provider_id>[^/]+)/login/{name}": public(
            get=404, post=404, targets=just(provider_id="nobody")
        )
        for name in ("", "callback/")
    },
    "account/sessions/": person(post=302),
    # jobs: their own, and what their kind lets others watch
    "work/<uuid:job_id>": person(targets=JOBS),
    "work/<uuid:job_id>/now": person(targets=JOBS, html=False),
    "work/<uuid:job_id>/cancel": post_only(person, targets=JOBS),
    # records
    "my-data/": person(),
    "my-data/download": person(html=False),
    # reminders
    "messages/": person(),
    "messages/reminders": person(post=302),
    "messages/stop/<str:secret>": public(post=200, targets=each(
        just(secret=STOP_SECRET), just(NO_RUN, secret="a-guess")
    )),
    "messages/<uuid:delivery_id>": person(targets=of("delivery", {"applicant"}, key="delivery_id")),
    # seasons
    "seasons/": public(),
    "seasons/<slug:slug>/": public(targets=by_slug()),
    # applications
    "apply/season/<slug:slug>/": person(post=302, targets=by_slug()),
    "apply/season/<slug:slug>/mentors/": person(targets=by_slug()),
    "apply/<uuid:pk>/": person(targets=own()),
    "apply/<uuid:pk>/check/": person(post=302, targets=own()),
    "apply/<uuid:pk>/withdraw/": person(post=302, targets=own()),
    "apply/<uuid:pk>/second-look/": person(
        post=200,
        targets=own(sent=NO_RUN, begun=NO_RUN, appealed={"get": 404, "post": 302}),
    ),
    "apply/<uuid:pk>/weights/": person(
        post=200, targets=own(begun={"get": 302, "post": 302}, refused=CLOSED, appealed=CLOSED)
    ),
    "apply/<uuid:pk>/favourites/": person(post=302, targets=own(refused=CLOSED, appealed=CLOSED)),
    "apply/<uuid:pk>/avoid/": person(post=302, targets=own(refused=CLOSED, appealed=CLOSED)),
    "apply/<uuid:pk>/<slug:key>/": person(targets=sections),
    # partnerships
    "partnerships/": person(),
    "partnerships/<uuid:partnership_id>/": person(targets=each(
        of("pair", {"mentee", "mentor"}, key="partnership_id"), of("asked_pair", set(), key="partnership_id"),
    )),
    # Once both were told, the mail's link leads on to the pair.
    "partnerships/calendar/": person(post=200),
    "partnerships/calendar/<str:secret>.ics": public(html=False, targets=each(
        just(secret=FEED_SECRET), just({"get": 404}, secret="a-guess")
    )),
    "partnerships/log/<str:secret>/": public(post=302, targets=each(
        just(secret=LOG_SECRET), just(NO_RUN, secret="a-guess")
    )),
    f"{PAIR}agreement/": person(post=302, targets=OWN_PAIR),
    f"{PAIR}meetings/": person(targets=OWN_PAIR),
    f"{PAIR}meetings/plan/": person(post=200, targets=OWN_PAIR),
    f"{PAIR}meetings/log/": person(post=200, targets=OWN_PAIR),
    MEETING: person(targets=each(meeting("coming"), meeting("unsettled"), meeting("held"))),
    f"{MEETING}change/": person(post=200, targets=each(meeting("coming"), meeting("held", **CLOSED))),
    f"{MEETING}cancel/": person(post=302, targets=each(meeting("coming"), meeting("held", **CLOSED))),
    f"{MEETING}log/": person(post=200, targets=each(meeting("unsettled"), meeting("held", **CLOSED))),
    # What was put right can't be undone any more, and what another logged is theirs to undo.
    f"{MEETING}undo/": post_only(person, targets=each(meeting("fresh", {"mentee"}), meeting("held", set()))),
    f"{MEETING}correct/": person(post=200, targets=each(meeting("held"), meeting("coming", **CLOSED))),
    f"{PAIR}goals/": person(post=200, targets=OWN_PAIR),
    f"{PAIR}goals/<uuid:goal_id>/remove/": post_only(person, targets=part("goal", "goal_id")),
    f"{PAIR}notes/": person(post=200, targets=OWN_PAIR),
    f"{PAIR}notes/shared/<uuid:note_id>/remove/": post_only(
        person, targets=part("shared_note", "note_id", {"mentee"})
    ),
    f"{PAIR}notes/private/<uuid:note_id>/remove/": post_only(
        person, targets=part("private_note", "note_id", {"mentee"})
    ),
    f"{PAIR}ending/": person(post=200, targets=OWN_PAIR),
    f"{PAIR}different-match/": person(post=302, targets=OWN_PAIR),
    "partnerships/<uuid:partnership_id>/question/": person(post=200, targets=each(
        of("asked_pair", {"asked_mentor"}, key="partnership_id"),
        of("pair", {"mentor"}, key="partnership_id", get=302, post=302),
    )),
    # learning: what is for supervisors is everybody's, the rest for those who take part and those who run a season
    "learn/": person(),
    "learn/everything/": person(),
    "learn/<slug:slug>/": person(targets=texts()),
    "learn/<slug:slug>/check/": person(post=200, targets=texts(agenda={"get": 302, "post": 302})),
    "learn/<slug:slug>/read/": post_only(person, targets=texts()),
    # surveys: the mentee hasn't answered the open one, the mentor has
    "survey/results/": person(),
    "survey/<uuid:wave_id>/": person(
        targets=each(of("open_wave", ASKED, key="wave_id"), of("released_wave", ASKED, key="wave_id", get=302)),
        others={"mentor": (302, 405)},
    ),
    "survey/<uuid:wave_id>/check/": person(post=302, targets=asked(ASKED), others={"mentor": (302, 302)}),
    "survey/<uuid:wave_id>/thank-you/": person(
        targets=of("released_wave", ASKED, key="wave_id")
    ),
    "survey/<uuid:wave_id>/results/": person(targets=each(
        of("released_wave", RESULTS, key="wave_id"), of("open_wave", set(), key="wave_id"),
    )),
    "survey/<uuid:wave_id>/<slug:key>/": person(
        post=200, targets=with_arguments(asked(ASKED), key="season-1"), others={"mentor": (302, 302)}
    ),
    "partnerships/<uuid:partnership_id>/help/": person(targets=each(
        of("pair", {"mentee", "mentor"}, key="partnership_id"), of("asked_pair", set(), key="partnership_id"),
    )),
    "partnerships/<uuid:partnership_id>/help/<slug:topic>/": person(post=200, targets=each(
        with_arguments(of("pair", {"mentee", "mentor"}, key="partnership_id"), topic="conduct"),
        with_arguments(of("pair", {"mentee", "mentor"}, key="partnership_id", get=404, post=404), topic="gossip"),
    )),
    "partnerships/help/": person(),
    "partnerships/help/<uuid:case_id>/": person(post=200, targets=of("help_case", {"mentee"}, key="case_id")),
    "partnerships/help/<uuid:case_id>/settled/": post_only(
        person, targets=of("help_case", {"mentee"}, key="case_id")
    ),
    "partnerships/check-in/<uuid:check_in_id>/": person(post=200, targets=each(
        of("check_in", {"mentee"}, key="check_in_id"), of("mentors_check_in", {"mentor"}, key="check_in_id"),
    )),
    "partnerships/check-in/link/<str:secret>": public(post=200, targets=each(
        just(secret=CHECK_IN_SECRET), just(NO_RUN, secret="a-guess")
    )),
    # reports
    "reports/": person(targets=lambda cast: [Target("", {}, REPORTS)]),
    "reports/<slug:slug>/": person(targets=reports("open", "review", "running", "past", "draft")),
    **{
        f"reports/<slug:slug>/report.{ending}": person(html=False, targets=report_files())
        for ending in ("pdf", "csv", "xlsx")
    },
    # the admin beside the stock pages
    "admin/": staff(post=200),
    "admin/login/": person(
        get=302, post=302, leads=SECOND_FACTOR, others=dict.fromkeys(WITHOUT_FACTOR, (403, 403))
    ),
    "admin/logout/": post_only(
        staff, leads=SIGN_IN, others=dict.fromkeys(["anonymous", "unproved", *WITHOUT_FACTOR], (302, 302))
    ),
    "admin/password_change/": staff(get=302, post=302),
    "admin/password_change/done/": staff(),
    "admin/autocomplete/": staff(get=403),
    "admin/jsi18n/": staff(html=False),
    "admin/r/<path:content_type_id>/<path:object_id>/": staff(get=404, post=404, targets=lambda cast: [
        Target("a person", {"content_type_id": 1, "object_id": cast.people["stranger"].pk})
    ]),
    "admin/(?P<url>.*)$": staff(get=404, post=404, targets=just(url="no-such-page/")),
    "admin/people/user/<uuid:person_id>/roles/": staff(
        post=200, roles=frozenset({"administrator"}), refusal=404,
        targets=lambda cast: [Target("stranger", {"person_id": cast.people["stranger"].pk})],
    ),
    "admin/people/staffimport/<uuid:pk>/columns/": staff(post=200, targets=of("unnamed_list")),
    "admin/people/staffimport/<uuid:pk>/preview/": staff(
        post=200, targets=each(of("staff_list"), of("unnamed_list", get=302, post=302))
    ),
    "admin/people/staffimport/<uuid:pk>/start/": post_only(staff, targets=of("staff_list")),
    "admin/people/staffimport/<uuid:pk>/discard/": post_only(staff, targets=of("staff_list")),
    "admin/questionnaires/questionnaire/<uuid:pk>/copy/": post_only(
        coordinators, method_first=True, targets=of("questionnaire")
    ),
    "admin/questionnaires/questionnaire/<uuid:pk>/preview/": coordinators(post=200, targets=of("questionnaire")),
    "admin/reminders/delivery/settle/": post_only(coordinators, 404, method_first=True),
    "admin/reminders/delivery/<uuid:pk>/settle/<slug:what>/": coordinators(
        method_first=True,
        targets=with_arguments(
            each(of("dead_delivery", UNCONCERNED), of("delivery", UNCONCERNED, get=302)), what=lambda cast: "resend"
        ),
    ),
    "admin/reminders/wording/rules/": coordinators(method_first=True),
    "admin/reminders/wording/rules/<slug:rule>/<slug:language>/": coordinators(method_first=True, targets=each(
        just(rule="application-received", language="es"), just({"get": 404}, rule="no-such-rule", language="es")
    )),
    "admin/reminders/wording/rules/<slug:rule>/<slug:language>/frame/": coordinators(
        method_first=True, targets=just(rule="application-received", language="es")
    ),
    "admin/learning/resource/<uuid:pk>/copy/": post_only(
        coordinators, method_first=True, targets=each(of("module"), of("own_text"))
    ),
    "admin/learning/resource/<uuid:pk>/preview/": coordinators(
        method_first=True, targets=each(of("module"), of("own_text"))
    ),
    "admin/learning/path/<uuid:pk>/copy/": coordinators(post=200, targets=of("learning_path")),
    "admin/learning/completion/season/<uuid:season_id>/": coordinators(targets=seasons()),
    "admin/seasons/season/<uuid:pk>/clone/": coordinators(post=200, targets=seasons("pk")),
    "admin/seasons/season/<uuid:pk>/messages/": coordinators(post=200, targets=seasons("pk")),
    WORDS: coordinators(
        post=200, targets=with_arguments(seasons("pk"), rule=lambda cast: IDLE, language=lambda cast: "es")
    ),
    f"{WORDS}frame/": coordinators(
        post=200, targets=with_arguments(seasons("pk"), rule=lambda cast: IDLE, language=lambda cast: "es")
    ),
    "admin/seasons/season/<uuid:pk>/publish/": coordinators(post=302, targets=seasons("pk")),
    "admin/seasons/season/<uuid:pk>/identity/": coordinators(
        post=302, targets=seasons("pk", review={"post": 200}, telling={"post": 200}, draft={"post": 200})
    ),
    "admin/seasons/season/<uuid:pk>/archive/": coordinators(post=302, targets=seasons("pk")),
    f"{SCREENING}season/<uuid:season_id>/": coordinators(post=200, targets=seasons()),
    f"{SCREENING}season/<uuid:season_id>/eligible/": coordinators(post=302, targets=seasons()),
    f"{SCREENING}season/<uuid:season_id>/tell/": coordinators(post=302, targets=seasons()),
    f"{SCREENING}season/<uuid:season_id>/gaps/": coordinators(post=200, targets=seasons()),
    f"{SCREENING}season/<uuid:season_id>/gaps/<uuid:goal_id>/": coordinators(
        post=302, targets=with_arguments(of("open", key="season_id"), goal_id=lambda cast: cast.goals[0].pk)
    ),
    f"{SCREENING}<uuid:pk>/decide/": post_only(
        coordinators, 200, method_first=False, targets=each(of("sent", UNCONCERNED), of("begun", set()))
    ),
    f"{SCREENING}<uuid:pk>/second-look/": coordinators(
        post=200, targets=each(of("appealed"), of("sent", get=404, post=404))
    ),
    f"{PAIRS}quiet/": coordinators(method_first=True),
    f"{PAIRS}wishes/": coordinators(method_first=True),
    **{
        f"{PAIRS}<uuid:pk>/{name}/": post_only(coordinators, method_first=True, targets=TOLD)
        for name in ("offer", "settle")
    },
    **{f"{PAIRS}<uuid:pk>/{name}/": coordinators(post=302, targets=TOLD) for name in ("complete", "end")},
    "admin/partnerships/meeting/<uuid:pk>/correct/": coordinators(post=200, targets=each(
        of("held", UNCONCERNED), of("coming", UNCONCERNED, get=302, post=302)
    )),
    f"{MATCHING}season/<uuid:season_id>/": coordinators(targets=seasons()),
    f"{MATCHING}season/<uuid:season_id>/run/": post_only(coordinators, targets=seasons()),
    f"{MATCHING}season/<uuid:season_id>/approve/": coordinators(post=302, targets=seasons(**WITHOUT_RUN)),
    f"{MATCHING}season/<uuid:season_id>/ask/": coordinators(post=302, targets=seasons(**WITHOUT_RUN)),
    f"{MATCHING}season/<uuid:season_id>/announce/": coordinators(post=302, targets=seasons()),
    f"{MATCHING}season/<uuid:season_id>/announce/<slug:rule>/": coordinators(
        get=404, targets=with_arguments(seasons(telling={"get": 200}), rule="announced-mentee")
    ),
    f"{MATCHING}season/<uuid:season_id>/calls/": coordinators(targets=seasons()),
    f"{MATCHING}season/<uuid:season_id>/wishes/": coordinators(targets=seasons()),
    f"{MATCHING}call/<uuid:application_id>/called/": post_only(coordinators, targets=LONELY),
    f"{MATCHING}call/<uuid:application_id>/tell/": post_only(coordinators, targets=LONELY),
    f"{DECISIONS}reject/": coordinators(post=302, targets=MATCHES),
    **{
        f"{DECISIONS}{name}/": post_only(coordinators, targets=MATCHES)
        for name in ("approve", "hold", "release", "restore", "take-back", "ask-again", "declined")
    },
    f"{MATCHING}pair/<uuid:mentee>/<uuid:mentor>/together/": coordinators(
        post=302, targets=each(pair_of("match"), pair_of("asked_match", UNCONCERNED, post=200))
    ),
    # A press without what a preview sends along shows the preview.
    **{
        f"{MATCHING}pair/<uuid:mentee>/<uuid:mentor>/{name}/": coordinators(
            post=200, targets=each(pair_of("match"), pair_of("asked_match", UNCONCERNED))
        )
        for name in ("instead", "apart")
    },
    f"{DECISIONS}unmatch/": coordinators(post=200, targets=MATCHES),
    f"{DECISIONS}compare/": coordinators(targets=MATCHES),
    f"{DECISIONS}swap/": coordinators(targets=MATCHES),
    f"{DECISIONS}swap/<uuid:other_id>/": coordinators(post=200, targets=each(
        with_arguments(of("match", key="match_id"), other_id=lambda cast: cast.lonely_match.pk),
        with_arguments(of("match", UNCONCERNED, key="match_id"), other_id=lambda cast: cast.asked_match.pk),
    )),
    f"{MATCHING}season/<uuid:season_id>/repair/": coordinators(post=200, targets=seasons(**WITHOUT_RUN)),
    f"{MATCHING}season/<uuid:season_id>/changes/": coordinators(
        targets=seasons(open={"get": 404}, draft={"get": 404})
    ),
    # Nothing is ticked, and nothing is said of what to do with it.
    f"{MATCHING}season/<uuid:season_id>/chosen/": coordinators(get=404, post=404, targets=seasons()),
    f"{MATCHING}change/<uuid:adjustment_id>/undo/": post_only(
        coordinators, targets=of("adjustment", key="adjustment_id")
    ),
    f"{MATCHING}together/<uuid:pin_id>/undo/": post_only(coordinators, targets=of("pin", UNCONCERNED, key="pin_id")),
    f"{MATCHING}apart/<uuid:exclusion_id>/undo/": post_only(
        coordinators, targets=of("exclusion", key="exclusion_id")
    ),
    f"{MATCHING}circles/<uuid:season_id>/": coordinators(targets=OF_CIRCLES),
    f"{MATCHING}circles/<uuid:season_id>/run/": post_only(coordinators, targets=OF_CIRCLES),
    f"{MATCHING}circles/<uuid:season_id>/approve/": coordinators(post=302, targets=OF_CIRCLES),
    f"{MATCHING}circles/<uuid:season_id>/ask/": coordinators(post=302, targets=OF_CIRCLES),
    f"{MATCHING}circles/<uuid:season_id>/facilitators/": coordinators(post=200, targets=OF_CIRCLES),
    f"{MATCHING}circle/<uuid:circle_id>/": coordinators(targets=CIRCLE),
    **{
        f"{MATCHING}circle/<uuid:circle_id>/{name}/": post_only(coordinators, targets=CIRCLE)
        for name in ("approve", "hold", "release", "take-back", "ask-again", "declined", "facilitators")
    },
    # Nobody of this circle can go anywhere else.
    f"{MATCHING}circle/<uuid:circle_id>/merge/": coordinators(get=302, post=302, targets=CIRCLE),
    f"{MATCHING}peer/<uuid:application_id>/move/": coordinators(targets=PEER),
    f"{MATCHING}peer/<uuid:application_id>/move/none/": coordinators(post=302, targets=PEER),
    f"{MATCHING}peer/<uuid:application_id>/move/<uuid:circle_id>/": coordinators(
        get=302, post=302, targets=with_arguments(PEER, circle_id=lambda cast: cast.circle.pk)
    ),
    f"{MATCHING}peer/<uuid:application_id>/swap/": coordinators(get=302, targets=PEER),
    f"{MATCHING}peer/<uuid:application_id>/swap/<uuid:other_id>/": coordinators(
        get=302, post=302, targets=with_arguments(PEER, other_id=lambda cast: cast.other_peer.pk)
    ),
    f"{MATCHING}facilitator/<uuid:facilitator_id>/drop/": post_only(
        coordinators, targets=of("circle_facilitator", key="facilitator_id")
    ),
    f"{SURVEYS}season/<uuid:season_id>/": coordinators(post=200, targets=seasons(running=CLOSED)),
    f"{SURVEYS}season/<uuid:season_id>/mail/": coordinators(targets=seasons()),
    f"{SURVEYS}wave/<uuid:wave_id>/": coordinators(targets=each(
        of("open_wave", key="wave_id"), of("released_wave", key="wave_id")
    )),
    f"{SURVEYS}wave/<uuid:wave_id>/close/": coordinators(post=302, targets=each(
        of("open_wave", key="wave_id"), of("released_wave", key="wave_id", get=302)
    )),
    f"{SURVEYS}wave/<uuid:wave_id>/publish/": coordinators(get=302, post=302, targets=each(
        of("open_wave", key="wave_id"), of("released_wave", key="wave_id")
    )),
    f"{SURVEYS}wave/<uuid:wave_id>/comments/": coordinators(targets=each(
        of("open_wave", key="wave_id", get=302), of("released_wave", key="wave_id")
    )),
    f"{SURVEYS}comment/<uuid:comment_id>/publish/": post_only(coordinators, targets=of("comment", key="comment_id")),
    f"{SURVEYS}comment/<uuid:comment_id>/withhold/": post_only(coordinators, targets=of("comment", key="comment_id")),
    f"{CHECK_INS}<uuid:pk>/letter/": post_only(coordinators, 200, targets=of("check_in", UNCONCERNED)),
    f"{CHECK_INS}<uuid:pk>/settle/": post_only(coordinators, targets=of("check_in", UNCONCERNED)),
    f"{CHECK_INS}quiet/": coordinators(),
    # The coordinator is the pair's contact.
    f"{CHECK_INS}quiet/<uuid:membership_id>/": coordinators(
        post=200, targets=of("silent", {"coordinator"}, key="membership_id")
    ),
    **{
        f"{HELP_CASES}<uuid:pk>/{name}/": post_only(coordinators, post, targets=of("help_case", {"coordinator"}))
        for name, post in (("take", 302), ("answer", 200), ("close", 302))
    },
    # demo
    "demo/": public(),
    "demo/enter": post_only(public, 404),
    "demo/mail": public(),
    "demo/mail/every": public(),
    "demo/mail/every/<slug:key>/<slug:language>": public(targets=each(
        just(key="merged", language="es"), just({"get": 404}, key="no-such-mail", language="es"),
        just({"get": 404}, key="merged", language="fr"),
    )),
    "demo/mail/every/<slug:key>/<slug:language>/body": public(
        html=False, targets=just(key="account-email-login_code", language="es")
    ),
    "demo/mail/<str:key>": public(get=404, targets=just(key="20270201-0")),
    "demo/mail/<str:key>/body": public(get=404, targets=just(key="20270201-0")),
    f"{MATCHING}run/<uuid:run_id>/details/": coordinators(targets=each(
        of("run", key="run_id"), of("running_run", key="run_id")
    )),
}  # fmt: skip


def policies() -> dict[str, Policy]:
    """Every route's policy: this table, and what the ModelAdmins declare."""
    return model_policies() | app_policy() | TABLE


def app_policy() -> dict[str, Policy]:
    """The page of each app in the admin: for whoever may see one of its models."""
    readers: dict[str, frozenset[str]] = {}
    for model, model_admin in admin.site._registry.items():
        label = model._meta.app_label
        readers[label] = readers.get(label, frozenset()) | served(model_admin, "view")
    (route,) = [route for route, pattern in patterns() if pattern.name == "app_list"]
    targets = [Target(label, {"app_label": label}, seen_by) for label, seen_by in sorted(readers.items())]
    return {route: staff(post=200, targets=lambda cast: targets)}
