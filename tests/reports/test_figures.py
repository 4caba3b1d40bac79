"""The figures: each equals a query written by hand, follows the data, and says in words where there is none."""

import csv
import json
import random
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.learning.figures import TrainingFigures
from mentorship.partnerships.models import Attendance, Meeting
from mentorship.reports.exports import to_csv
from mentorship.reports.figures import training_rows
from mentorship.reports.report import report_of, summaries_of
from mentorship.reports.tables import training_table, written
from surveys.anonymity import SMALLEST
from surveys.models import Response
from surveys.services import close_wave, open_wave, release_comment, submit_response
from tests.factories import (
    CompletionFactory,
    MenteeFactory,
    MentorFactory,
    PartnershipFactory,
    PathFactory,
    ResourceFactory,
    WorkUnitFactory,
)
from tests.reports.cast import CLOSED, STARTED, SURVEYED, meet, meet_all, over, publish, reported, survey
from tests.surveys.cast import answers, people, questions

pytestmark = pytest.mark.django_db

TOLD = "('announced', 'running', 'completed', 'completed-early', 'ended')"
MEMBERS = f"""
    from partnerships_membership m join partnerships_partnership p on p.id = m.partnership_id
    where p.season_id = %s and p.state in {TOLD}
"""
HELD = """
    from partnerships_meeting h join partnerships_partnership p on p.id = h.partnership_id
    where p.season_id = %s and h.state = 'held'
"""
PRESENT = """
    from partnerships_attendance a
    join partnerships_meeting h on h.id = a.meeting_id
    join partnerships_partnership p on p.id = h.partnership_id
    join partnerships_membership m on m.id = a.membership_id
    where p.season_id = %s and h.state = 'held' and a.present
"""
BY_HAND = {
    "people": f"select count(distinct m.person_id) {MEMBERS}",
    "work_units": f"""
        select count(distinct f.unit_id) from people_profile f where f.user_id in (select m.person_id {MEMBERS})
    """,
    "applied": """
        select count(distinct applicant_id) from applications_application
        where season_id = %s and submitted_at is not null
    """,
    "eligible": """
        select count(distinct applicant_id) from applications_application where season_id = %s and state = 'eligible'
    """,
    "matched": """
        select count(distinct m.person_id)
        from partnerships_membership m join partnerships_partnership p on p.id = m.partnership_id
        where p.season_id = %s and p.state not in ('declined', 'cancelled')
    """,
    "announced": f"select count(distinct m.person_id) {MEMBERS}",
    "met": f"select count(distinct m.person_id) {PRESENT}",
    "completed": f"select count(distinct m.person_id) {MEMBERS} and p.state like 'completed%%'",
    "person_hours": f"select round(sum(h.minutes) / 60.0, 1) {PRESENT}",
    "meeting_hours": f"select round(sum(h.minutes) / 60.0, 1) {HELD}",
    "meetings": f"select count(*) {HELD}",
    "meetings_per_pair": """
        select percentile_cont(0.5) within group (order by c) from (
            select (select count(*) from partnerships_meeting h where h.partnership_id = p.id and h.state = 'held') c
            from partnerships_partnership p
            where p.season_id = %s and p.kind = 'pair' and p.state not in (
                'approved', 'asked', 'confirmed', 'declined', 'cancelled'
            )
        ) found
    """,
    "agreement_percent": """
        select round(100.0 * count(*) filter (where (answers->>'growth')::int >= 4) / count(*))
        from surveys_response r join surveys_wave w on w.id = r.wave_id
        where w.season_id = %s and answers->>'growth' ~ '^[1-5]$'
    """,
    "response_rate": """
        select round(100.0 * count(*) filter (where t.answered) / count(*))
        from surveys_ticket t join surveys_wave w on w.id = t.wave_id where w.season_id = %s
    """,
    "comments": """
        select count(*) from surveys_comment c join surveys_wave w on w.id = c.wave_id
        where w.season_id = %s and c.state = 'released'
    """,
    "months": "select round((ends_on - starts_on) / 30.44) from seasons_season where id = %s",
    "training_finished": """
        select count(*) from (
            select c.person_id from learning_completion c where c.season_id = %s
            group by c.person_id having count(distinct c.resource_id) = 2
        ) finished
    """,
}


def by_hand(key, season):
    sql = BY_HAND[key]
    with connection.cursor() as cursor:
        cursor.execute(sql, [season.pk] * sql.count("%s"))
        [value] = cursor.fetchone()
    return None if value is None else float(value)


def value(season, key, now=CLOSED):
    return report_of(season, now).figures[key].value


def train(season, finished=7):
    """Mentors have a path of two texts; so many mentees and mentors read them."""
    texts = [ResourceFactory(), ResourceFactory()]
    for role in ("mentor", "mentee"):
        PathFactory(role=role, steps=[text.slug for text in texts])
    pairs = season.partnerships.filter(state="completed").order_by("pk")
    members = pairs.values_list("memberships__person", flat=True)
    for person in list(members)[:finished]:
        for text in texts:
            CompletionFactory(person_id=person, resource=text, season=season)


@pytest.fixture
def season(coordinator):
    """A closed season with everything that can be counted, and beside it another that must not be counted."""
    found = over()
    unit = WorkUnitFactory()
    for pair in found.partnerships.order_by("pk")[:2]:
        for member in pair.memberships.all():
            member.person.profile.unit = unit
            member.person.profile.save()
    meet_all(found)
    mentee, mentor = MenteeFactory(season=found), MentorFactory(season=found)
    PartnershipFactory(season=found, state="declined", pair=(mentee, mentor))
    PartnershipFactory(season=found, state="approved", pair=(mentee, mentor))
    ended = PartnershipFactory(
        season=found, state="ended", pair=(MenteeFactory(season=found), MentorFactory(season=found))
    )
    Meeting.objects.create(
        partnership=ended, state="missed", starts_at=STARTED, minutes=60, made_by=mentee.applicant, made_at=STARTED,
        changed_at=STARTED,
    )  # fmt: skip
    train(found)
    wave = survey(found, coordinator, [5, 5, 4, 4, 4, 3, 2, 5, 4, 4], comment_helped="Words.", consent_helped="role")
    publish(wave, coordinator)
    release_comment(comment=wave.comments.first(), by=coordinator, now=CLOSED)
    other = over("other", pairs=2)
    meet_all(other)
    return found


@pytest.mark.parametrize("key", BY_HAND)
def test_each_figure_equals_a_query_written_by_hand(season, key):
    assert value(season, key) == by_hand(key, season)


def test_the_figures_are_what_the_season_was_made_of(season):
    figures = {key: (figure.value, figure.n) for key, figure in report_of(season, CLOSED).figures.items()}
    assert figures == {
        "people": (14, 14),
        "work_units": (11, 14),
        "person_hours": (15.8, 12),
        "meeting_hours": (8.3, 9),
        "meetings": (9, 9),
        "meetings_per_pair": (1.0, 7),
        "months": (6, 184),
        "training_finished": (7, 14),
        "agreement_percent": (80, 10),
        "response_rate": (71, 14),
        "comments": (1, 10),
        "applied": (17, 17),
        "eligible": (16, 17),
        "matched": (16, 17),
        "announced": (14, 17),
        "met": (12, 17),
        "completed": (12, 17),
    }


def test_the_months_add_up_to_the_totals(season):
    report = report_of(season, CLOSED)
    assert [(row.key, row.person_hours, row.meeting_hours) for row in report.month_rows] == [
        ("2026-07", 12, 6),
        ("2026-08", 0, 0),
        ("2026-09", 3.8, 2.3),
    ]
    assert sum(month.person_minutes for month in report.months) == report.counts.person_minutes
    assert sum(month.meeting_minutes for month in report.months) == report.counts.meeting_minutes


def test_a_month_begins_in_the_season_s_own_zone():
    season = over(zone="America/Los_Angeles")
    for pair in season.partnerships.all():
        # Half past eleven at night on July 31 there.
        meet(pair, day=STARTED.replace(month=8, day=1, hour=6, minute=30))
    assert [row.key for row in report_of(season, CLOSED).month_rows] == ["2026-07"]


def test_a_meeting_and_an_answer_that_change_change_the_figures(coordinator):
    season = over()
    meet_all(season)
    wave = survey(season, coordinator, [5, 5, 4, 4, 4, 3, 2, 5, 4, 4])
    before = report_of(season, CLOSED).figures
    assert (before["person_hours"].value, before["agreement_percent"].value) == (15.8, None)
    Meeting.objects.filter(partnership__season=season, minutes=45).update(minutes=60)
    answer = Response.objects.filter(wave=wave, answers__growth=2).get()
    answer.answers["growth"] = 4
    answer.save()
    publish(wave, coordinator)
    after = report_of(season, CLOSED).figures
    assert (after["person_hours"].value, after["agreement_percent"].value) == (17, 90)
    Attendance.objects.filter(meeting__partnership__season=season, present=False).update(present=True)
    assert value(season, "person_hours") == 18


def test_nothing_of_the_survey_is_told_before_it_is_published(coordinator):
    season = over()
    questions()
    wave = open_wave(season=season, by=coordinator, now=SURVEYED)
    for person in people(wave):
        submit_response(wave=wave, answers=answers(wave, person, 5), by=person, now=SURVEYED)
    for close in (False, True):
        if close:
            close_wave(wave=wave, by=coordinator, now=CLOSED)
        told = report_of(season, CLOSED).to_dict()
        assert [
            (told[key]["value"], told[key]["n"]) for key in ("agreement_percent", "response_rate", "comments")
        ] == [(None, None)] * 3
        assert told["statements"] == {"value": [], "n": None, "definition": "not published yet"}
        assert "agreed" not in told["headline"]["value"]
    publish(wave, coordinator)
    assert value(season, "agreement_percent") == 100


def test_fewer_than_five_answers_are_hidden_and_it_is_said(coordinator):
    season = reported(coordinator, [5, 5, 5, 1])
    figures = report_of(season, CLOSED).figures
    assert (figures["agreement_percent"].value, figures["agreement_percent"].text) == (
        None,
        "fewer than five people answered",
    )
    assert (figures["response_rate"].value, figures["response_rate"].n) == (33, 12)
    assert [row.percent for row in report_of(season, CLOSED).statements] == [None] * 3


def test_a_season_without_meetings_says_so():
    figures = report_of(over(), CLOSED).figures
    assert [figures[key].text for key in ("person_hours", "meeting_hours", "meetings", "meetings_per_pair")] == [
        "no meetings logged",
        "no meetings logged",
        "0",
        "0",
    ]


def test_a_season_without_anybody_says_so():
    report = report_of(over(pairs=0), CLOSED)
    assert (report.headline, report.figures["meetings_per_pair"].text) == (
        "Nobody was matched this season.",
        "no pairs",
    )
    assert report.month_rows == []


def test_a_month_in_which_few_met_is_hidden_together_with_another():
    season = over(pairs=9)
    first, *others = season.partnerships.order_by("pk")
    meet(first)
    for pair in others[:3]:
        meet(pair, day=STARTED + timedelta(days=31))
    for pair in others:
        meet(pair, day=STARTED + timedelta(days=62))
    assert [(row.key, row.person_hours) for row in report_of(season, CLOSED).month_rows] == [
        ("2026-07", None),
        ("2026-08", None),
        ("2026-09", 16),
    ]


def test_roles_and_trainings_of_few_people_are_hidden(season):
    report = report_of(over("small", pairs=4), CLOSED)
    assert (report.roles, report.training_rows) == ([], [])
    assert report_of(season, CLOSED).roles == [("mentor", 7), ("mentee", 7)]
    # Three or four of each seven finished.
    assert training(report_of(season, CLOSED).training) == [("mentor", 7, None, None), ("mentee", 7, None, None)]


def training(figures):
    return [(row.role, row.people, row.began, row.finished) for row in training_rows(figures)]


def figures_of(**roles):
    """So many people of each role, who began, who finished."""
    return [TrainingFigures(role, *counts, steps=2) for role, counts in roles.items()]


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        # Nobody and five or more are told of. What isn't told is None.
        ({"mentor": (30, 20, 10), "mentee": (30, 30, 30)}, {"mentor": (20, 10), "mentee": (30, 30)}),
        ({"mentor": (30, 0, 0), "mentee": (30, 25, 20)}, {"mentor": (0, 0), "mentee": (25, 20)}),
        # Four finished, or four didn't: of both roles, for the totals are known.
        ({"mentor": (30, 14, 4), "mentee": (30, 20, 10)}, {"mentor": (None, None), "mentee": (None, None)}),
        ({"mentor": (30, 30, 26), "mentee": (30, 20, 10)}, {"mentor": (None, None), "mentee": (None, None)}),
        # Four are on their way, or haven't begun: how many finished tells nothing of them.
        ({"mentor": (30, 14, 10), "mentee": (30, 20, 10)}, {"mentor": (None, 10), "mentee": (None, 10)}),
        ({"mentor": (30, 26, 10), "mentee": (30, 20, 10)}, {"mentor": (None, 10), "mentee": (None, 10)}),
        # Of three roles the smallest that covers the hidden one goes with it.
        (
            {"mentor": (30, 14, 4), "mentee": (40, 20, 10), "peer": (20, 10, 5)},
            {"mentor": (None, None), "mentee": (20, 10), "peer": (None, None)},
        ),
        # A role too small to be named hides another, whose figures could be subtracted.
        ({"mentor": (30, 20, 10), "mentee": (30, 20, 10), "peer": (4, 4, 4)}, {"mentor": (20, 10)}),
        # The only role there is, is the total.
        ({"peer": (12, 3, 1)}, {"peer": (3, 1)}),
    ],
)
def test_how_far_a_role_has_come_is_told_where_it_tells_of_no_small_group(roles, shown):
    told = {role: (began, done) for role, _people, began, done in training(figures_of(**roles))}
    assert told == shown


@pytest.mark.parametrize("seed", range(300))
def test_no_small_group_is_left_when_what_is_told_is_subtracted_from_the_totals(seed):
    chance = random.Random(seed)
    roles = {}
    for role in ("mentor", "mentee", "peer", "facilitator")[: chance.randint(2, 4)]:
        stages = [chance.choice((0, 0, 1, 3, 4, 5, 6, 20)) for _stage in range(3)]
        roles[role] = (sum(stages), sum(stages[:2]), stages[0])
    rows = [figure for figure in figures_of(**roles) if figure.people]
    told = training_rows(rows)
    finished, begun = ([row for row in told if getattr(row, name) is not None] for name in ("finished", "began"))
    assert {row.role for row in begun} <= {row.role for row in finished}
    for shown, group in (
        (finished, lambda row: row.finished),
        (finished, lambda row: row.people - row.finished),
        (begun, lambda row: row.began - row.finished),
        (begun, lambda row: row.people - row.began),
    ):
        groups = [group(row) for row in shown]
        left = sum(map(group, rows)) - sum(groups)
        assert len(rows) < 2 or not [size for size in (*groups, left) if shown and 0 < size < SMALLEST]


def test_a_hidden_training_says_so_on_the_page_and_in_every_file(season, coordinator, sign_in, time_machine):
    time_machine.move_to(CLOSED)
    report = report_of(season, CLOSED)
    assert report.to_dict()["training_by_role"]["value"]["mentee"] == {"people": 7, "began": None, "finished": None}
    table = training_table(report)
    assert [tuple(written(cell) for cell in row) for row in table.rows] == [
        ("mentor", "7", "hidden (small group)", "hidden (small group)"),
        ("mentee", "7", "hidden (small group)", "hidden (small group)"),
    ]
    page = sign_in(coordinator).get(f"/reports/{season.slug}/").content.decode()
    chart = page[page.index('id="training-caption"') :].partition("</table>")[0]
    assert (chart.count("hidden (small group)"), table.note in unescape(page)) == (4, True)
    cells = {row[1]: row[2] for row in csv.reader(StringIO(to_csv(report).decode("utf-8-sig")))}
    told = [cells[f"mentee · {column}"] for column in ("People", "Began", "Finished")]
    assert told == ["7", "hidden (small group)", "hidden (small group)"]


def test_as_many_queries_for_a_large_season_as_for_a_small_one(coordinator):
    small, large = over("small", pairs=1), reported(coordinator, slug="large", pairs=30)
    meet_all(small)
    with CaptureQueriesContext(connection) as of_small:
        report_of(small, CLOSED).to_dict()
    with CaptureQueriesContext(connection) as of_large:
        report_of(large, CLOSED).to_dict()
    # Published comments are one query more.
    assert len(of_large) == len(of_small) + 1
    with CaptureQueriesContext(connection) as of_one:
        summaries_of([large], CLOSED)
    with CaptureQueriesContext(connection) as of_two:
        summaries_of([large, small], CLOSED)
    assert len(of_one) == len(of_two) == 6


def test_the_summaries_of_several_seasons_are_those_of_each(season):
    other = over("third", pairs=3)
    for summary in summaries_of([season, other], CLOSED):
        figures = report_of(summary.season, CLOSED).figures
        keys = [key for key in figures if key not in {"training_finished", "comments"}]
        assert [summary.figures[key] for key in keys] == [figures[key] for key in keys]


def command(*arguments):
    out = StringIO()
    call_command("season_report", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_writes_every_figure_with_its_n_and_definition(season, time_machine):
    time_machine.move_to(CLOSED)
    told = json.loads(command("autumn", "--format", "json"))
    assert {tuple(entry) for entry in told.values()} == {("value", "n", "definition")}
    assert all(entry["definition"] for entry in told.values())
    keys = ("people", "work_units", "person_hours", "meeting_hours", "agreement_percent", "response_rate", "months")
    assert [told[key]["value"] for key in keys] == [14, 11, 15.8, 8.3, 80, 71, 6]
    assert told["roles"]["value"] == {"mentor": 7, "mentee": 7}
    assert told["by_month"]["value"][0] == {"month": "2026-07", "person_hours": 12, "meeting_hours": 6}
    assert told["training_by_role"]["value"]["mentee"]["people"] == 7


def test_the_command_tells_the_same_in_words_and_in_spanish(season, time_machine):
    time_machine.move_to(CLOSED)
    assert command("autumn").splitlines()[:2] == ["Autumn 2026", report_of(season, CLOSED).headline]
    assert command("autumn", "--language", "es").splitlines()[:2] == [
        "Otoño de 2026",
        "14\xa0personas de 11\xa0unidades de trabajo se reunieron durante 16\xa0horas (contadas por persona) "
        "en 6\xa0meses; el 80\xa0% está de acuerdo en que les ayudó a crecer.",
    ]


def test_an_unknown_season_ends_the_command_with_the_known_ones(season):
    with pytest.raises(CommandError, match="there is no season “nope”; there are: autumn, other"):
        command("nope")
