"""A season from the announcement to the report: real browser, worker, broker and mail, and two languages.

The mentor walks it on a screen 320 px wide without JavaScript, the mentee in Spanish on a phone. What leadership
reads at the end was counted here by hand.
"""

import csv
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import announce, answer_question, ask_mentors, log_unplanned_meeting
from mentorship.portal.demo import mail
from surveys.models import Response, Ticket, Wave
from surveys.services import submit_response
from tests.browser.walking import PASSWORD, Walker, spring_2027
from tests.calendars import READERS
from tests.factories import UserFactory, WorkUnitFactory
from tests.partnerships.cast import approved, held
from tests.surveys.cast import is_mentor

# People are told; a meeting that was moved begins, on the second working day of summer time, and is over; the survey
# opens, a week later a reminder is due, and it closes; the day after the report's.
TOLD = datetime(2027, 3, 1, 18, tzinfo=UTC)
MOVED = datetime(2027, 3, 16, 21, 30, tzinfo=UTC)
MET = MOVED + timedelta(minutes=50)
SURVEYED, REMINDED, CLOSED = (datetime(2027, 9, day, hour, tzinfo=UTC) for day, hour in ((6, 17), (13, 19), (20, 19)))
REPORTED = datetime(2027, 10, 19, 17, tzinfo=UTC)

# How many points the other people of the survey give to the first statement; "na" is no answer to it. Marta gives 4
# and Luis 5, so that 8 of the 10 who answer it agree, and 11 of 12 people answer.
POINTS = (5, 4, 4, 5, 3, 4, 2, 4, "na")
SHARED, PRIVATE = "Traer el borrador del currículum.", "Me da miedo el examen."
COMMENT, TELLING = "Tiempo para pensar en voz alta.", "Sam, who works beside me."
FIGURES = {
    "people": ("12", "12"),
    # Two mentors are colleagues.
    "work units": ("11", "12"),
    # In minutes 2 × 45 + 2 × 75 of Marta and Luis, 2 × 60 + 2 × 30 + 1 × 60 + 2 × 60 of four other pairs.
    "hours, counted per person": ("10", "9"),
    # 45 + 75 + 60 + 30 + 60 + 60.
    "hours of meetings": ("5.5", "6"),
    "meetings": ("6", "6"),
    "months": ("6", "180"),
    "agreed that it helped them grow": ("80", "10"),
    "answered the survey": ("92", "12"),
    "published comments": ("1", "11"),
    "were told": ("12", "12"),
    "came to a meeting": ("9", "12"),
    # The sixth pair never met.
    "completed their season": ("10", "12"),
}
SENTENCE = (
    "12 staff from 11 work units met for 10 hours (counted per person) over 6 months; "
    "80 % agreed that it helped them grow."
)
IN_SPANISH = (
    "12 personas de 11 unidades de trabajo se reunieron durante 10 horas (contadas por persona) en 6 meses; "
    "el 80 % está de acuerdo en que les ayudó a crecer."
)


@dataclass
class Company:
    """Who walks: the mentor, the mentee, the coordinator; and the pairs that come along."""

    mentor: Walker
    mentee: Walker
    bench: Walker
    pair: Partnership
    others: list[Partnership]

    @property
    def home(self) -> str:
        return f"/partnerships/{self.pair.pk}/"


@pytest.fixture
def company(transactional_db: None, coordinator: Any, walk: Any, clock: Any) -> Company:
    """Six pairs of people from eleven work units; everybody was just told."""
    marta = UserFactory(given_name="Marta", family_name="Klein")
    luis = UserFactory(given_name="Luis", family_name="Vega", language="es")
    for somebody in (coordinator, marta):
        somebody.set_password(PASSWORD)
        somebody.save()
    unit = WorkUnitFactory()
    mentors = [marta, *(UserFactory(profile__unit=unit) for _ in range(2)), *UserFactory.create_batch(3)]
    mentees = [luis, *UserFactory.create_batch(5)]
    season = spring_2027(by=coordinator)
    pairs = [
        approved(coordinator, season=season, people=couple, now=TOLD) for couple in zip(mentees, mentors, strict=True)
    ]
    ask_mentors(season=season, by=coordinator, now=TOLD)
    for pair, mentor in zip(pairs, mentors, strict=True):
        answer_question(partnership=pair, yes=True, by=mentor, now=TOLD)
    clock.set(TOLD)
    announce(season=season, by=coordinator, now=TOLD)
    return Company(
        mentor=walk(marta, java_script_enabled=False, viewport={"width": 320, "height": 640}),
        mentee=walk(luis, viewport={"width": 390, "height": 844}, locale="es"),
        bench=walk(coordinator),
        pair=pairs[0],
        others=pairs[1:],
    )


def test_a_season_goes_from_the_announcement_to_the_report(
    company: Company, walk: Any, pass_time: Any, figure: Any
) -> None:
    started = time.perf_counter()
    they_begin(company)
    they_plan(company)
    they_read(company)
    pass_time(MET)
    they_log(company)
    they_say_how_it_goes(company)
    they_write(company)
    the_others_meet(company)
    pass_time(SURVEYED)
    they_are_done(company)
    they_are_asked(company)
    pass_time(REMINDED)
    the_last_are_reminded()
    pass_time(CLOSED)
    results_are_published(company)
    pass_time(REPORTED)
    leadership_reads(walk(UserFactory(given_name="Lena", roles=["leadership"], language="en")))
    members_read_the_sentence(company)
    the_season_is_archived(company)
    figure("seconds, a season's life", round(time.perf_counter() - started, 1))


def they_begin(company: Company) -> None:
    """Both read the announcement and accept the agreement; the mentee sets goals."""
    mentor, mentee = company.mentor, company.mentee
    mentor.follow(mentor.got("Your match this season"))
    mentor.sign_in()
    mentor.looks("You and Luis", "life-pair")
    mentee.follow(mentee.got("Your match this season"))
    mentee.sign_in_by_code()
    mentee.looks("Tú y Marta", "life-pair-es")
    for walker in (mentor, mentee):
        walker.link("Read and accept").click()
        walker.looks("What you agree to", "life-agreement")
        walker.button("I accept the agreement").click()
        walker.reads("Accepted. Thank you.", "Plan your first meeting")
    mentee.link("Choose your goals").click()
    mentee.looks("What you want to reach", "life-goals-es")
    mentee.button("Take these over").click()
    mentee.page.locator("summary", has_text=mentee.words("Add a goal")).click()
    mentee.field("In your own words").fill("Dirigir una hora del cuento")
    mentee.button("Add it").click()
    mentor.page.reload()
    mentor.reads("Supervising", "Dirigir una hora del cuento")


def they_plan(company: Company) -> None:
    """The mentor plans two meetings; the mentee moves one, the mentor cancels the other. Two programs follow."""
    mentor, mentee, meetings = company.mentor, company.mentee, company.pair.meetings
    mentor.link("Plan the first meeting").click()
    mentor.looks("Plan a meeting", "life-plan")
    mentor.field("Day").fill("2027-03-15")
    mentor.field("Time").fill("10:00")
    mentor.page.get_by_label("Link to the video call").fill("https://video.example/room-7")
    mentor.button("Plan it").click()
    mentor.reads("Planned. You both get an entry for your calendar.", "Monday, March 15, 10 a.m.")
    invited = mentee.got("Tu reunión del lunes 15 de marzo")
    (first,) = meetings.all()
    uid, start = f"{first.pk}@localhost", datetime(2027, 3, 15, 17, tzinfo=UTC)
    for read in READERS.values():
        assert mentee.in_calendar(read) == {uid: (start, start + timedelta(minutes=45))}
        entry = read(invited.calendar)
        assert (entry.method, entry.sequence, entry.summary, entry.visibility) == ("REQUEST", 0, "Reunión", "PRIVATE")

    mentee.opens(invited)
    mentee.link("Change it").click()
    mentee.looks("Change the meeting", "life-change-es")
    mentee.field("Day").fill("2027-03-16")
    mentee.field("Time").fill("14:30")
    mentee.button("Save the change").click()
    mentee.looks("martes 16 de marzo, 14:30", "life-meeting-es")
    changed = mentor.got("Changed: your meeting is on Tuesday, March 16")

    mentor.go(company.home)
    mentor.link("Plan a meeting").click()
    mentor.field("Day").fill("2027-03-30")
    mentor.field("Time").fill("09:00")
    mentor.button("Plan it").click()
    mentee.got("Tu reunión del martes 30 de marzo")
    for read in READERS.values():
        assert (read(changed.calendar).uid, read(changed.calendar).sequence) == (uid, 1)
        assert len(mentee.in_calendar(read)) == len(mentor.in_calendar(read)) == 2
    mentor.link("Tuesday, March 30, 9 a.m.").click()
    mentor.link("Cancel it").click()
    mentor.looks("Cancel the meeting", "life-cancel")
    mentor.button("Cancel the meeting").click()
    mentor.reads("Cancelled. It goes out of everybody's calendar.")
    for walker, subject in (
        (mentor, "Cancelled: your meeting on Tuesday, March 30"),
        (mentee, "Cancelada: tu reunión del martes 30 de marzo"),
    ):
        cancelled = walker.got(subject)
        for read in READERS.values():
            entry = read(cancelled.calendar)
            assert (entry.method, entry.sequence, entry.status) == ("CANCEL", 1, "CANCELLED")
            assert walker.in_calendar(read) == {uid: (MOVED, MOVED + timedelta(minutes=45))}


def they_read(company: Company) -> None:
    """Each reads the first text of their path; the mentor checks herself too."""
    for walker, first, done in (
        (company.mentor, "Being a mentor: where to begin", "You have read 1 of 3"),
        (company.mentee, "Buscar mentoría: tú llevas las riendas", "Has leído 1 de 3"),
    ):
        walker.go("/learn/")
        walker.link(first).click()
        walker.looks(first, "life-module")
        if walker is company.mentor:
            for key in ("ask", "specific", "name"):
                walker.page.locator(f"input[value={key}]").check()
            walker.button("Check my answers").click()
            walker.looks("3 of 3 right")
        walker.button("Mark as read").click()
        walker.looks(done, "life-learn")


def they_log(company: Company) -> None:
    """The mentor logs the meeting from the mail, signed in nowhere; a further one is logged and put right."""
    mentor, mentee = company.mentor, company.mentee
    meeting = company.pair.meetings.get(state="planned")
    mentor.page.context.clear_cookies()
    mentor.opens(mentor.got("Did you meet on Tuesday?"))
    mentor.looks("Did you and Luis meet?", "life-two-taps")
    expect(mentor.field("How many minutes?")).to_have_value("45")
    for name in ("Luis Vega", "Marta Klein"):
        expect(mentor.field(name)).to_be_checked()
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    mentor.button("It took place: log it").click()
    mentor.looks("Logged: 45 minutes", "life-logged")
    mentor.button("Undo").click()
    mentor.looks("Did you and Luis meet?")
    mentor.button("It took place: log it").click()
    mentor.looks("Logged: 45 minutes")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes, meeting.attendances.filter(present=True).count()) == ("held", 45, 2)

    mentee.go(company.home)
    mentee.sign_in_by_code()
    mentee.link("Log a meeting that took place").click()
    mentee.looks("Log a meeting that took place", "life-log-es")
    mentee.field("Day").fill("2027-03-09")
    mentee.field("How many minutes?").fill("60")
    mentee.field("In person").check()
    mentee.button("It took place: log it").click()
    mentee.reads("martes 9 de marzo", "60 minutos")
    mentor.link("Sign in and see the meeting").click()
    mentor.sign_in()
    mentor.go(company.home)
    mentor.link("Tuesday, March 9").click()
    mentor.link("Put something right").click()
    mentor.looks("Put a meeting right", "life-correct")
    mentor.field("How many minutes?").fill("75")
    mentor.field("What was wrong?").fill("We stayed for the story hour.")
    mentor.button("Put it right").click()
    mentor.reads("75 minutes", "60 minutes with 2 people became 75 minutes with 2", "We stayed for the story hour.")


def they_say_how_it_goes(company: Company) -> None:
    """The mentee answers the question of the month from the mail; the mentor gets help from the coordinator."""
    mentor, mentee, bench = company.mentor, company.mentee, company.bench
    asked = mentee.got("One question")
    mentee.page.context.clear_cookies()
    mentee.opens(asked)
    mentee.looks("One question", "life-check-in-es")
    mentee.page.get_by_role("radio", name=re.compile("^5 · ")).check()
    mentee.field("A good fit").check()
    mentee.button("Send").click()
    mentee.looks("Thank you", "life-check-in-sent-es")
    answered = company.pair.memberships.get(role="mentee").check_ins.get()
    assert (answered.state, answered.going, answered.fit) == ("answered", 5, "good")

    mentor.go("/")
    mentor.looks("Good to see you, Marta", "life-home")
    mentor.link("Get help").click()
    mentor.link("Finding time to meet").click()
    mentor.looks("Finding time to meet", "life-help")
    mentor.field("What would you like help with?").fill("My supervisor needs me at the desk.")
    mentor.button("Ask for help").click()
    mentor.reads("Asked. A coordinator will write to you here; you get a mail then.")
    bench.go_to_today()
    bench.reads("Marta Klein asks for help: Finding time to meet")
    bench.link("Read and take it").click()
    bench.reads("My supervisor needs me at the desk.")
    bench.button("I'll handle it").click()
    bench.field("Your message").fill("I have written to your supervisor.")
    bench.button("Send").click()
    told = mentor.got("You have a message")
    assert "supervisor" not in told.text + told.html
    mentor.opens(told)
    mentor.looks("Finding time to meet", "life-help-answered")
    mentor.reads("I have written to your supervisor.")
    mentor.button("Yes, it is settled").click()
    mentor.reads("Settled. You can ask for help anew at any time.")
    bench.go("/admin/")
    expect(bench.page.locator("main")).not_to_contain_text("Marta Klein")


def they_write(company: Company) -> None:
    """The mentee writes a note for both and one for himself, which nobody else reads."""
    mentor, mentee = company.mentor, company.mentee
    mentee.go(f"{company.home}notes/")
    mentee.sign_in_by_code()
    for readers, text in (("both", SHARED), ("me", PRIVATE)):
        mentee.field("Your note").fill(text)
        mentee.page.locator(f"input[name=readers][value={readers}]").check()
        mentee.button("Keep the note").click()
        mentee.reads(text)
    mentee.looks("Notes", "life-notes-es")
    mentor.go(f"{company.home}notes/")
    mentor.looks("Notes", "life-notes")
    mentor.reads(SHARED)
    assert PRIVATE not in mentor.page.content()


def the_others_meet(company: Company) -> None:
    """Four of the five other pairs meet once, one of them without the mentor."""
    first, second, third, fourth, _never = company.others
    at = TOLD + timedelta(days=8)
    for pair, minutes in ((first, 60), (second, 30), (third, 60)):
        held(pair, starts_at=at, minutes=minutes)
    alone = fourth.memberships.get(role="mentee")
    log_unplanned_meeting(
        partnership=fourth,
        starts_at=at,
        minutes=60,
        mode="video",
        present=[alone.pk],
        by=alone.person,
        now=at + timedelta(hours=1),
    )


def they_are_done(company: Company) -> None:
    """The season's meetings are over: both are thanked, and their page says what they did."""
    mentee = company.mentee
    mentee.follow(mentee.got("Thank you for your time together"))
    mentee.sign_in_by_code()
    mentee.looks("Tú y Marta", "life-done-es")
    mentee.reads("Your time as a pair is over", "75 minutos", "45 minutos")
    company.pair.refresh_from_db()
    assert company.pair.state == "completed"
    mentee.go("/my-data/")
    mentee.looks("My data", "life-my-data-es")
    for summary in mentee.page.locator("main summary").all():
        summary.click()
    mentee.reads("tuvo lugar · 75 minutos", "tuvo lugar · 45 minutos", SHARED, PRIVATE)


def they_are_asked(company: Company) -> None:
    """The coordinator opens the survey from Today; both answer it, once, and eight others too."""
    bench, mentor, mentee = company.bench, company.mentor, company.mentee
    bench.go_to_today()
    bench.link("Preview and open").click()
    bench.looks("Ask 12 people how the season was?", "life-survey-open")
    bench.button("Open the survey").click()
    bench.reads("12 people are being invited.")

    mentor.follow(mentor.got("How was your season?"))
    mentor.sign_in()
    answer(mentor, 4, ["season-1", "season-2", "skills", "tools", "comments"], "The monthly rhythm.", "no")
    # Without a script nothing stops a second press: here it comes from a second window.
    again = mentor.page.context.new_page()
    again.goto(mentor.page.url)
    mentor.button("Send my answers").click()
    mentor.looks("Thank you", "life-survey-sent")
    again.get_by_role("button", name="Send my answers").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert Response.objects.count() == 1

    mentee.opens(mentee.got("How was your season?"))
    answer(mentee, 5, ["season-1", "season-2", "tools", "comments"], COMMENT, "role")
    mentee.button("Send my answers").dblclick()
    mentee.looks("Thank you", "life-survey-sent-es")
    assert Response.objects.count() == 2
    for somebody, points in zip(still_asked()[:8], POINTS[:8], strict=True):
        answer_as(somebody, points)


def answer(walker: Walker, growth: int, screens: list[str], comment: str, consent: str) -> None:
    """Answer every screen in its order with "agree", and the first statement with `growth`."""
    title = {"en": "How was your season?", "es": "¿Cómo fue tu temporada?"}[walker.person.language]
    walker.looks(title, "life-survey")
    walker.link("Start").click()
    for key in screens:
        expect(walker.page).to_have_url(re.compile(rf"/{key}/$"))
        for box in walker.page.locator("input[type=radio][value='4']").all():
            box.check()
        if key == "season-1":
            walker.page.locator(f"input[name=growth][value='{growth}']").check()
        if key == "comments":
            walker.page.locator("textarea[name=comment-helped]").fill(comment)
            walker.page.locator(f"input[name=consent-helped][value={consent}]").check()
        walker.fits()
        walker.button("Go on").click()
    walker.looks("Check your answers, then send", "life-survey-check")


def still_asked() -> list[Any]:
    """Who hasn't answered the survey, in a fixed order."""
    tickets = Ticket.objects.filter(answered=False).select_related("person").order_by("person__employee_number")
    return [ticket.person for ticket in tickets]


def answer_as(somebody: Any, growth: Any, **more: str) -> None:
    """Have somebody agree with everything, and say `growth` to the first statement."""
    wave = Wave.objects.get()
    keys = wave.questionnaire.questions.filter(kind="likert").values_list("key", flat=True)
    given: dict[str, Any] = {key: 4 for key in keys if is_mentor(wave, somebody) or not key.startswith("skill-")}
    answers = given | {"growth": growth, **{key.replace("_", "-"): value for key, value in more.items()}}
    submit_response(wave=wave, answers=answers, by=somebody, now=timezone.now())


def the_last_are_reminded() -> None:
    """Who hasn't answered after a week is reminded, and nobody else; one of the two then answers."""
    waiting = still_asked()
    reminded = [message.to for message in mail.sent() if message.subject == "The survey still waits for you"]
    assert sorted(reminded) == sorted(somebody.email for somebody in waiting)
    answer_as(waiting[0], POINTS[8], comment_helped=TELLING, consent_helped="anonymous")


def results_are_published(company: Company) -> None:
    """The coordinator closes the survey and publishes its figures and one comment, not the one that tells of Sam."""
    bench = company.bench
    bench.go_to_today()
    bench.link("Surveys").click()
    bench.page.locator("#result_list").get_by_role("link", name="Spring 2027").click()
    bench.looks("11 of 12 have answered", "life-survey-overview")
    bench.link("Close it now").click()
    bench.looks("Close the survey with 11 of 12 answers?", "life-survey-close")
    bench.button("Close the survey").click()
    bench.go("/admin/")
    bench.link("Publish them").click()
    bench.link("Look at what is published").click()
    bench.looks("Publish what 11 people have said?", "life-survey-publish")
    bench.button("Publish the results").click()
    bench.reads("2 comments to read")
    bench.link("Read one by one").click()
    bench.looks("Comments", "life-comments")
    for text, decision in ((COMMENT, "Publish it"), (TELLING, "Don't publish it")):
        card = bench.page.locator("main section").filter(has_text=text)
        card.get_by_role("button", name=decision, exact=True).click()
    bench.reads("No comments here")


def leadership_reads(leader: Walker) -> None:
    """The page, the document and the table say what was done, as it was counted by hand."""
    leader.person.set_password(PASSWORD)
    leader.person.save()
    leader.go("/reports/")
    leader.sign_in()
    leader.link("Spring 2027").click()
    leader.looks(SENTENCE, "life-report")
    leader.reads(COMMENT)
    assert TELLING not in leader.page.content()
    rows = leader.page.get_by_role("table", name="Every figure with its n and its definition").get_by_role("row")
    shown = {}
    for row in rows.all()[1:]:
        name, (value, n) = row.get_by_role("rowheader").inner_text().split("\n")[0], row.get_by_role("cell").all()
        shown[name] = (value.inner_text().removesuffix("\xa0%"), n.inner_text())
    assert {name: shown[name] for name in FIGURES} == FIGURES
    assert downloaded(leader, "PDF to hand on").read_bytes().startswith(b"%PDF-")
    with downloaded(leader, "CSV").open(encoding="utf-8-sig", newline="") as file:
        table = {row["What"]: (row["Value"], row["n"]) for row in csv.DictReader(file) if row["Part"] == "Figures"}
    assert {name: table[name] for name in FIGURES} == FIGURES


def downloaded(walker: Walker, link: str) -> Path:
    with walker.page.expect_download() as download:
        walker.link(link).click()
    return Path(download.value.path())


def members_read_the_sentence(company: Company) -> None:
    """Who took part reads the same sentence, each in their language."""
    mentor, mentee = company.mentor, company.mentee
    mentor.go("/")
    mentor.sign_in()
    mentor.link("Read what came of it").click()
    mentor.looks(SENTENCE, "life-sentence")
    mentee.go("/reports/spring-2027/")
    mentee.sign_in_by_code()
    mentee.looks(IN_SPANISH, "life-sentence-es")


def the_season_is_archived(company: Company) -> None:
    """The coordinator archives it: the hours stay, and what the two wrote for themselves is gone."""
    bench, mentee = company.bench, company.mentee
    bench.go_to_today()
    bench.link("Archive it").click()
    bench.looks("Archive Spring 2027", "life-archive")
    bench.button("Archive").click()
    bench.reads("Spring 2027 is archived.")
    mentee.go("/my-data/")
    for summary in mentee.page.locator("main summary").all():
        summary.click()
    mentee.reads("tuvo lugar · 75 minutos", "tuvo lugar · 45 minutos")
    page = mentee.page.content()
    assert [text for text in (SHARED, PRIVATE, "Dirigir una hora del cuento") if text in page] == []
    mentee.go(company.home)
    mentee.looks("Tú y Marta", "life-archived-es")
    expect(mentee.link("Log a meeting that took place")).to_have_count(0)
