"""Everybody whom the guards send round, what each of them owns, and the private words planted in it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from matching.models import Adjustment, Exclusion, MatchRun, Pin, Proposal
from matching.services import (
    Change,
    announce_season,
    apply_change,
    approve_proposals,
    exclude_pair,
    mark_called,
    pin_pair,
    preview_change,
)
from matching.services.circles import name_facilitator
from mentorship.applications.models import Application, Invitation, SecondLook
from mentorship.applications.services import save_section, start_application, submit_application
from mentorship.jobs.services import enqueue_job
from mentorship.partnerships import services as partnerships
from mentorship.partnerships.checkins.asking import month_of
from mentorship.partnerships.checkins.services import answer_check_in, write_to_member
from mentorship.partnerships.helping.services import answer_case, ask_for_help, write_back
from mentorship.partnerships.models import CalendarFeed, CheckIn
from mentorship.partnerships.services import Plan, ask_mentors
from mentorship.people.models import Absence
from mentorship.people.staff_import.services import upload_staff_list
from mentorship.reminders.models import Delivery, MailToken
from surveys.services import close_wave, publish_release, release_comment, submit_response
from tests import factories as make
from tests.matching.cast import approve_all, confirm_all, run_matching
from tests.matching.circle_cast import find_circles
from tests.surveys import cast as ask

COORDINATORS = frozenset({"coordinator", "second", "concerned"})
# Those who have a coordinator's eyes for what concerns a report of "concerned".
UNCONCERNED = COORDINATORS - {"concerned"}
STAFF = COORDINATORS | {"administrator"}
SIGNED_IN = STAFF | {
    "stranger", "applicant", "appellant", "asked_mentee", "asked_mentor", "decliner", "mentee", "mentor",
    "analyst", "leadership", "unproved",
}  # fmt: skip
ROLES = ("anonymous", *sorted(SIGNED_IN))
EVERYBODY = frozenset(ROLES)
GIVEN_ROLES = {
    "coordinator": "coordinator",
    "second": "coordinator",
    "concerned": "coordinator",
    # A coordinator who hasn't shown a second factor in this session.
    "unproved": "coordinator",
    "administrator": "administrator",
    "analyst": "analyst",
    "leadership": "leadership",
}
STOP_SECRET = "a-secret-that-a-mail-told"
LOG_SECRET = "a-secret-that-asked-whether-they-met"
FEED_SECRET = "a-secret-that-a-calendar-knows"
CHECK_IN_SECRET = "another-secret-that-a-mail-told"


@dataclass(frozen=True)
class Canary:
    """Words planted in a private field, and the roles that trust.md's table lets read them.

    `elsewhere` are beginnings of paths on which the words stand for another, permitted reason.
    """

    text: str
    what: str
    readers: frozenset[str]
    elsewhere: tuple[str, ...] = ()


@dataclass
class Cast:
    """`people` by role, `things` by name, and the canaries; built by `assemble`."""

    now: datetime
    people: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None

    def plant(self, what: str, readers: frozenset[str] | set[str], elsewhere: tuple[str, ...] = ()) -> str:
        text = f"zq{len(self.canaries):02d}-{what.replace(' ', '-')}"
        self.canaries.append(Canary(text, what, frozenset(readers), elsewhere))
        return text


def assemble(now: datetime) -> Cast:
    """Make the whole cast, with seasons around `now`, through the services that make such rows."""
    cast = Cast(now)
    _people(cast)
    _seasons(cast)
    _applying(cast)
    _reviewing(cast)
    _telling(cast)
    _running(cast)
    _circling(cast)
    _learning(cast)
    _asking(cast)
    _meeting(cast)
    _going_on(cast)
    _paperwork(cast)
    return cast


def _people(cast: Cast) -> None:
    for role in sorted(SIGNED_IN):
        given = GIVEN_ROLES.get(role)
        # Of an asked mentor and of whoever said no, the other side never learns.
        hidden = {
            "asked_mentor": {"asked_mentor"} | STAFF,
            "decliner": {"decliner"} | STAFF,
            "asked_mentee": {"asked_mentee", "asked_mentor"} | STAFF,
        }
        name = cast.plant(f"name of {role}", hidden[role]) if role in hidden else role.title()
        cast.people[role] = make.UserFactory(
            given_name="Given", family_name=name, roles=[given] if given else [], employee_number=f"n-{role}"
        )
    cast.people["avoided"] = make.UserFactory(
        family_name=cast.plant("name of whom the applicant avoids", {"applicant"}, ("/admin/people/",))
    )
    cast.people["favoured"] = make.UserFactory(
        family_name=cast.plant("name of the applicant's favourite", {"applicant"}, ("/admin/people/",))
    )
    for role in ("applicant", "mentee", "asked_mentee"):
        _profile(cast, role, supervisor=cast.people["concerned"])
    partners = {"applicant": set(), "mentee": {"mentor"}, "mentor": {"mentee"}, "asked_mentee": {"asked_mentor"}}
    for role, partner in partners.items():
        told = {role} | COORDINATORS
        shown = partner if role == "mentor" else set()
        _profile(
            cast,
            role,
            pronouns=cast.plant(f"pronouns of {role}", told | shown),
            show_pronouns_to_partners=role == "mentor",
            bio=cast.plant(f"bio of {role}", told | partner),
        )
    cast.things["asked_account"] = cast.people["asked_mentee"]
    person = cast.things["account"] = cast.people["applicant"]
    person.email = cast.plant("mailbox", {"applicant"} | STAFF) + "@library.example"
    person.set_password(cast.plant("password", set()))
    person.save()
    person.emailaddress_set.update(email=person.email)


def _profile(cast: Cast, role: str, **fields: Any) -> None:
    profile = cast.people[role].profile
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save()


def _season(cast: Cast, name: str, opened: int, closes: int, **fields: Any) -> Any:
    """A season that opened `opened` days ago and closes in `closes` days."""
    day = cast.now.date()
    season = make.SeasonFactory(
        slug=name,
        name_en=f"Season {name}",
        name_es=f"Temporada {name}",
        opens_on=day - timedelta(days=opened),
        closes_on=day + timedelta(days=closes),
        matches_on=day + timedelta(days=closes + 10),
        starts_on=day + timedelta(days=closes + 20),
        ends_on=day + timedelta(days=200),
        survey_on=day + timedelta(days=201),
        report_on=day + timedelta(days=230),
        published_at=fields.pop("published_at", cast.now - timedelta(days=opened + 1)),
        identity_note=cast.plant(f"legal note of {name}", COORDINATORS),
        **fields,
    )
    season.goals.set(cast.things["goals"])
    make.EligibilityRuleFactory(season=season)
    cast.things[name] = season
    return season


def _seasons(cast: Cast) -> None:
    cast.things["goals"] = [make.GoalFactory(order=number) for number in range(4)]
    cast.things["tag"] = make.ExperienceTagFactory()
    cast.things["option"] = make.IdentityOptionFactory()
    questionnaire = make.QuestionnaireFactory()
    for kind in ("short-text", "long-text", "single", "multiple", "number", "date"):
        options = [{"key": "a", "en": "First", "es": "Primera"}, {"key": "b", "en": "Second", "es": "Segunda"}]
        make.QuestionFactory(
            questionnaire=questionnaire,
            key=kind,
            kind=kind,
            options=options if kind in {"single", "multiple"} else [],
        )
    cast.things["questionnaire"] = questionnaire
    cast.things["own_questionnaire"] = make.QuestionnaireFactory(slug="own", version=1001)
    make.QuestionFactory(questionnaire=cast.own_questionnaire)
    _season(cast, "open", 10, 10, questionnaire=questionnaire, identity_matching=True)
    _season(cast, "review", 40, -5)
    _season(cast, "telling", 41, -6)
    _season(cast, "running", 90, -70, identity_matching=True, agreement_en="We agree.", agreement_es="De acuerdo.")
    _season(cast, "draft", -5, 20, published_at=None)
    _season(cast, "circling", 42, -7, has_pairs=False, has_circles=True)


def _applying(cast: Cast) -> None:
    """The applicant's two applications of the open season: one sent with everything given, one just begun."""
    applicant, now = cast.people["applicant"], cast.now
    sent = start_application(season=cast.open, applicant=applicant, role="mentee", now=now)
    readers = {"applicant"} | UNCONCERNED
    given = {
        "gender": {
            "values": [cast.option.slug],
            "own_words": cast.plant("identity in own words", {"applicant"}),
            "match": 2,
            "show": True,
            "count": True,
        }
    }
    for section, data in {
        "work": {"facts_confirmed": True, "facts_note": cast.plant("note on facts", readers)},
        "goals": {"goals": [str(goal.pk) for goal in cast.goals]},
        "meeting": {"slots": ["mon-am"], "schedule_rotates": False, "modes": ["video"], "languages": ["en"]},
        "questions": {"answers": {"short-text": cast.plant("answer", readers), "single": "a"}},
        "experiences": {"tags": [cast.tag.pk]},
        "favourites": {"people": [cast.people["favoured"].pk]},
        "avoid": {"people": [cast.people["avoided"].pk]},
        "identity": {"given": given},
    }.items():
        sent = save_section(application=sent, section=section, data=data, by=applicant, now=now)
    cast.things["sent"] = submit_application(application=sent, by=applicant, now=now)
    nobody = uuid4()
    sent.avoidance.people = [*sent.avoidance.people, str(nobody)]
    sent.avoidance.save()
    cast.canaries.append(Canary(str(nobody), "key of whom the applicant avoids", frozenset({"applicant"})))
    cast.things["begun"] = start_application(season=cast.open, applicant=applicant, role="mentor", now=now)
    make.ApplicationFactory(season=cast.open, questionnaire=cast.questionnaire)
    make.MentorFactory(season=cast.open, applicant__profile__in_directory=True, wants={cast.goals[0]: 2})
    Invitation.objects.create(
        season=cast.open,
        person=cast.people["stranger"],
        role="mentor",
        goal=cast.goals[0],
        invited_by=cast.people["coordinator"],
        invited_at=now,
    )


def _refused(cast: Cast, role: str, **fields: Any) -> Application:
    return make.ApplicationFactory(
        season=cast.review,
        applicant=cast.people[role],
        state="ineligible",
        screened_at=cast.now,
        screened_by=cast.people["coordinator"],
        released_at=cast.now,
        **fields,
    )


def _reviewing(cast: Cast) -> None:
    """The season under review: second looks, a run, a mentor who is asked, one who said no, somebody alone."""
    coordinator, now = cast.people["coordinator"], cast.now
    cast.things["refused"] = _refused(cast, "applicant")
    cast.things["appealed"] = _refused(cast, "appellant")
    words = cast.plant("words of a second look", {"appellant"} | COORDINATORS)
    cast.things["look"] = SecondLook.objects.create(application=cast.appealed, words=words, asked_at=now)
    SecondLook.objects.create(
        application=_refused(cast, "mentor"),
        words=cast.plant("words of an earlier look", {"mentor"} | COORDINATORS),
        asked_at=now,
        decision="upheld",
        reason=cast.plant("reason of a second look", {"mentor"} | COORDINATORS),
        decided_by=cast.people["second"],
        decided_at=now,
    )
    wants = dict.fromkeys(cast.goals[:3], 2)
    mentees = [
        make.MenteeFactory(
            season=cast.review,
            applicant=cast.people["asked_mentee"],
            wants=wants,
            exception_reason=cast.plant("reason for an exception", UNCONCERNED),
            exception_by=coordinator,
            released_at=now,
        ),
        *(make.MenteeFactory(season=cast.review, wants=wants) for _ in range(3)),
    ]
    mentors = [
        make.MentorFactory(season=cast.review, applicant=person, wants={cast.goals[0]: 2})
        for person in (cast.people["asked_mentor"], cast.people["decliner"], make.UserFactory())
    ]
    make.PartnershipFactory(
        season=cast.review, state="declined", pair=(mentees[0], mentors[1]), approved_by=coordinator
    )
    pin_pair(
        mentee=mentees[0],
        mentor=mentors[0],
        waived=[],
        reason=cast.plant("reason to keep together", UNCONCERNED),
        by=coordinator,
        now=now,
    )
    exclude_pair(mentee=mentees[1], mentor=mentors[1], by=coordinator, now=now)
    run = run_matching(cast.review, coordinator, now)
    run.trace = {"score": cast.plant("trace of a run", set())}
    run.save(update_fields=["trace"])
    adjustment = _adjusted(run, mentors[2], coordinator, now)
    asked = Proposal.objects.get(run=run, mentee=mentees[0])
    approve_proposals(run=run, proposals=[asked.pk], by=coordinator, now=now)
    ask_mentors(season=cast.review, by=coordinator, now=now)
    asked.refresh_from_db()
    cast.things |= {
        "run": run,
        "asked_match": asked,
        "asked_pair": asked.partnership,
        "match": Proposal.objects.filter(run=run, mentor__isnull=False).exclude(pk=asked.pk).first(),
        "lonely_match": Proposal.objects.get(run=run, mentor=None),
        "lonely": Proposal.objects.get(run=run, mentor=None).mentee,
        "adjustment": adjustment,
        "pin": Pin.objects.get(season=cast.review),
        "exclusion": Exclusion.objects.get(season=cast.review),
        "excepted": mentees[0],
    }


def _adjusted(run: MatchRun, mentor: Application, coordinator: Any, now: datetime) -> Adjustment:
    """Whoever the run left alone is given this mentor, and whoever had them is left alone."""
    alone = Proposal.objects.get(run=run, mentor=None).mentee_id
    change = Change("instead", mentee=alone, mentor=mentor.pk)
    shown = preview_change(run=run, change=change, by=coordinator).fingerprint
    return apply_change(run=run, change=change, fingerprint=shown, by=coordinator, now=now)


def _telling(cast: Cast) -> None:
    """A season in which all have answered and nobody is told yet; who has no match was called."""
    coordinator, now = cast.people["coordinator"], cast.now
    for _ in range(2):
        make.MenteeFactory(season=cast.telling, wants=dict.fromkeys(cast.goals[:3], 2))
    make.MentorFactory(season=cast.telling, wants={cast.goals[0]: 2})
    run = run_matching(cast.telling, coordinator, now)
    approve_all(run, coordinator, now)
    confirm_all(cast.telling, coordinator, now)
    mark_called(application=Proposal.objects.get(run=run, mentor=None).mentee, by=coordinator, now=now)


def _circling(cast: Cast) -> None:
    """A season of circles in review: one circle that was suggested, with somebody who may facilitate it."""
    coordinator, now = cast.people["coordinator"], cast.now
    found = [
        make.ApplicationFactory(season=cast.circling, role="peer", state="eligible", wants={cast.goals[0]: 3})
        for _ in range(4)
    ]
    facilitator = name_facilitator(
        season=cast.circling, person=make.UserFactory(), circles=1, by=coordinator, now=now
    )
    run = find_circles(cast.circling, coordinator, now)
    cast.things |= {
        "circle": run.circles.get(),
        "peer": found[0],
        "other_peer": found[1],
        "circle_facilitator": facilitator,
    }


def _running(cast: Cast) -> None:
    """The season under way with its announced pair, and one mentee who was called and told."""
    coordinator, now = cast.people["coordinator"], cast.now
    wants = dict.fromkeys(cast.goals[:3], 2)
    make.MenteeFactory(season=cast.running, applicant=cast.people["mentee"], wants=wants)
    make.MentorFactory(season=cast.running, applicant=cast.people["mentor"], wants={cast.goals[0]: 2})
    run = run_matching(cast.running, coordinator, now)
    approve_all(run, coordinator, now)
    confirm_all(cast.running, coordinator, now)
    announce_season(season=cast.running, by=coordinator, now=now)
    cast.things["running"].refresh_from_db()
    cast.things["running_run"] = MatchRun.objects.get(pk=run.pk)
    cast.things["running_match"] = Proposal.objects.get(run=run)
    cast.things["pair"] = cast.running_match.partnership


def _learning(cast: Cast) -> None:
    """Texts of each kind, a library's own version that isn't in use yet, and what the running pair has read."""
    texts = {
        "module": make.ResourceFactory(slug="orientation", origin="shipped"),
        "agenda": make.ResourceFactory(slug="agenda-first", kind="checklist"),
        "briefing": make.ResourceFactory(slug="briefing", roles=["supervisor"]),
        "unused_text": make.ResourceFactory(
            slug="unwritten", version=1001, active=False, body_en=cast.plant("text not in use", COORDINATORS)
        ),
        "own_text": make.ResourceFactory(slug="our-own", version=1001, active=False),
    }
    cast.things |= texts
    for name in ("module", "briefing", "unused_text", "own_text"):
        make.SelfCheckQuestionFactory(resource=texts[name])
    texts["module"].goals.add(cast.goals[0])
    steps = ["orientation", "briefing", "agenda-first"]
    cast.things["learning_path"] = make.PathFactory(role="mentor", steps=steps)
    for role in ("mentee", "coordinator"):
        make.PathFactory(role=role, steps=steps)
    for name, role in (("text_read", "mentee"), ("mentors_text_read", "mentor")):
        cast.things[name] = make.CompletionFactory(
            person=cast.people[role], season=cast.running, resource=texts["agenda"], completed_at=cast.now
        )


def _asking(cast: Cast) -> None:
    """A survey that is open, answered by the mentor, and one of an earlier season with its published results."""
    coordinator, now = cast.people["coordinator"], cast.now
    ask.questions()
    cast.things["open_wave"] = ask.opened(coordinator, season=cast.running, now=now)
    answers = {"comment_helped": cast.plant("comment in an open survey", set()), "consent_helped": "role"}
    mentor = cast.people["mentor"]
    submit_response(wave=cast.open_wave, answers=ask.answers(cast.open_wave, mentor, **answers), by=mentor, now=now)
    day = now.date()
    dates = "opens_on closes_on matches_on starts_on ends_on survey_on report_on".split()
    past = make.SeasonFactory(
        slug="past",
        announced_at=now - timedelta(days=400),
        published_at=now - timedelta(days=500),
        **{name: day - timedelta(days=490 - 70 * place) for place, name in enumerate(dates)},
    )
    pairs = [("mentee", "mentor"), *[(None, None)] * 5]
    for names in pairs:
        mentee, mentor = (cast.people[name] if name else make.UserFactory() for name in names)
        make.PartnershipFactory(
            season=past,
            state="completed",
            announced_at=past.announced_at,
            pair=(
                make.MenteeFactory(season=past, applicant=mentee),
                make.MentorFactory(season=past, applicant=mentor),
            ),
        )
    opened = now - timedelta(days=120)
    wave = ask.opened(coordinator, season=past, now=opened)
    told = frozenset({"mentee", "mentor", "analyst", "leadership", "unproved"}) | COORDINATORS
    texts = [cast.plant("comment that waits", COORDINATORS), cast.plant("comment that was published", told)]
    for place, person in enumerate(ask.people(wave)):
        given = {"comment_helped": texts[place % 2], "consent_helped": "role"}
        submit_response(wave=wave, answers=ask.answers(wave, person, 4 - place % 3, **given), by=person, now=opened)
    wave = close_wave(wave=wave, by=coordinator, now=opened)
    publish_release(wave=wave, by=coordinator, now=opened)
    release_comment(comment=wave.comments.filter(text=texts[1]).first(), by=coordinator, now=opened)
    wave.comments.filter(text=texts[1], state="waiting").delete()
    wave.refresh_from_db()
    cast.things |= {"past": past, "released_wave": wave, "comment": wave.comments.filter(text=texts[0]).first()}


def _meeting(cast: Cast) -> None:
    """What the announced pair does: meetings to come, to be logged, held and put right; goals, notes, a wish."""
    now, pair = cast.now, cast.pair
    mentee, mentor = cast.people["mentee"], cast.people["mentor"]
    both = {"mentee", "mentor"}
    link = f"https://video.example/{cast.plant('link of a meeting', both)}"
    place = cast.plant("place of a meeting", both)
    plans = {
        "coming": (Plan(now + timedelta(days=5), 45, "video", "", link), now),
        "unsettled": (Plan(now - timedelta(days=1), 45, "in-person", place), now - timedelta(days=3)),
    }
    for name, (plan, moment) in plans.items():
        cast.things[name] = partnerships.plan_meeting(partnership=pair, plan=plan, by=mentee, now=moment)
    log = {"partnership": pair, "starts_at": now, "minutes": 60, "mode": "video", "by": mentee, "now": now}
    cast.things["fresh"] = partnerships.log_unplanned_meeting(**log)
    cast.things["held"] = partnerships.log_unplanned_meeting(**log)
    partnerships.correct_meeting(
        meeting=cast.held,
        took_place=True,
        minutes=30,
        reason=cast.plant("reason of a correction", both | UNCONCERNED),
        by=mentor,
        now=now,
    )
    partnerships.accept_agreement(partnership=pair, language="en", by=mentor, now=now)
    words = cast.plant("goal in own words", both)
    cast.things["goal"] = partnerships.add_own_goal(partnership=pair, words=words, by=mentee, now=now)
    for name, shared, readers in (("shared_note", True, both), ("private_note", False, {"mentee"})):
        cast.things[name] = partnerships.write_note(
            partnership=pair,
            text=cast.plant(name.replace("_", " "), readers),
            shared=shared,
            meeting=cast.held,
            by=mentee,
            now=now,
        )
    partnerships.wish_change(partnership=pair, by=mentee, now=now)
    MailToken.objects.create(
        person=mentor,
        purpose="log-meeting",
        subject_id=cast.unsettled.pk,
        secret_hash=hashlib.sha256(LOG_SECRET.encode()).hexdigest(),
        expires_at=now + timedelta(days=9),
    )
    CalendarFeed.objects.create(
        person=mentor, secret_hash=hashlib.sha256(FEED_SECRET.encode()).hexdigest(), made_at=now
    )
    CalendarFeed.objects.create(person=mentee, secret_hash=cast.plant("hash of a calendar", set()), made_at=now)


def _going_on(cast: Cast) -> None:
    """How it goes with the pair under way: the mentee's check-in, letter and request for help, a silent mentor."""
    coordinator, mentee, now = cast.people["coordinator"], cast.people["mentee"], cast.now
    parts = {row.role: row for row in cast.pair.memberships.select_related("person")}
    month = month_of(cast.running, now)
    last = (month - timedelta(days=1)).replace(day=1)
    for earlier in ((last - timedelta(days=1)).replace(day=1), last, month):
        cast.things["mentors_check_in"] = CheckIn.objects.create(
            membership=parts["mentor"], month=earlier, asked_at=now
        )
    cast.things["silent"] = parts["mentor"]
    asked = CheckIn.objects.create(membership=parts["mentee"], month=month, asked_at=now)
    cast.things["check_in"] = answer_check_in(
        check_in=asked,
        going=1,
        fit="",
        wants_call=True,
        note=cast.plant("note of a check-in", {"mentee"} | UNCONCERNED),
        by=mentee,
        now=now,
    )
    write_to_member(
        membership=parts["mentee"], words=cast.plant("letter of a coordinator", {"mentee"}), by=coordinator, now=now
    )
    readers = {"mentee", "coordinator"}
    case = ask_for_help(
        membership=parts["mentee"],
        topic="conduct",
        words=cast.plant("words of a request for help", readers),
        about_partner=True,
        kept_from=cast.people["second"],
        by=mentee,
        now=now,
    )
    case = answer_case(case=case, words=cast.plant("answer about help", readers), by=coordinator, now=now)
    cast.things["help_case"] = write_back(
        case=case, words=cast.plant("what was written back about help", readers), by=mentee, now=now
    )
    MailToken.objects.create(
        person=mentee,
        purpose="check-in",
        subject_id=asked.pk,
        secret_hash=hashlib.sha256(CHECK_IN_SECRET.encode()).hexdigest(),
        expires_at=now + timedelta(days=9),
    )


def _paperwork(cast: Cast) -> None:
    """Messages, jobs, codes, staff lists, days away: one of each."""
    applicant, now = cast.people["applicant"], cast.now
    Delivery.objects.update(state="sent", sent_at=now, message_id=cast.plant("id of a mail", set()))
    cast.things["delivery"] = Delivery.objects.get(recipient=applicant, rule="application-received")
    cast.things["dead_delivery"] = make.DeliveryFactory(
        rule="application-received", recipient=applicant, state="dead", subject_id=cast.sent.pk
    )
    cast.things["wording"] = make.WordingFactory(language="es")
    MailToken.objects.create(
        person=applicant,
        purpose="stop-reminders",
        secret_hash=hashlib.sha256(STOP_SECRET.encode()).hexdigest(),
        expires_at=now + timedelta(days=9),
    )
    MailToken.objects.create(
        person=applicant, purpose="other", secret_hash=cast.plant("hash of a link", set()), expires_at=now
    )
    cast.things["code"] = make.SignInCodeFactory(
        person=applicant, code_hash=cast.plant("hash of a printed code", set()), expires_at=now + timedelta(days=9)
    )
    cast.things["absence"] = Absence.objects.create(
        person=applicant, first_day=now.date() + timedelta(days=2), last_day=now.date() + timedelta(days=3)
    )
    cast.things["job"] = MatchRun.objects.select_related("job").get(pk=cast.run.pk).job
    head = "Employee ID,First Name,Last Name,Location,Hire Date\n"
    row = f"X-1,{cast.plant('given name on a staff list', STAFF)},Doe,Nowhere,2019-05-13\n"
    administrator = cast.people["administrator"]
    cast.things["staff_list"] = upload_staff_list(
        file_name="staff.csv", content=(head + row).encode(), by=administrator, now=now
    )
    cast.things["unnamed_list"] = upload_staff_list(
        file_name="odd.csv", content=b"A,B,C\n1,2,3\n", by=administrator, now=now
    )
    cast.things["import_job"] = enqueue_job(
        kind="staff-import", by=administrator, now=now, payload={"import": str(UUID(int=0))}
    )
