"""Rows for the tests: each factory makes a valid row of one model with as little as that takes."""

from datetime import UTC, date, datetime, timedelta

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from matching.models import MatchRun
from mentorship.applications.models import Application, ApplicationGoal, Avoidance, IdentityAnswer
from mentorship.common.second_factor import seal_secret
from mentorship.jobs.models import Job
from mentorship.learning.models import Completion, Path, PathStep, Resource, SelfCheckQuestion
from mentorship.partnerships.models import Kind, Membership, Partnership
from mentorship.people.models import JobClass, Profile, SignInCode, StaffImport, UnitKind, User, WorkUnit
from mentorship.questionnaires.models import Question, Questionnaire
from mentorship.reminders.models import Delivery, Wording
from mentorship.seasons.models import EligibilityRule, ExperienceTag, Goal, IdentityOption, Season

NOW = datetime(2027, 2, 1, 18, 0, tzinfo=UTC)
# What the authenticator app of whoever may enter the admin holds.
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


class UnitKindFactory(DjangoModelFactory):
    class Meta:
        model = UnitKind
        django_get_or_create = ("slug",)

    slug = "branch"
    title_en = "Branch"
    title_es = "Sucursal"


class WorkUnitFactory(DjangoModelFactory):
    class Meta:
        model = WorkUnit

    location = factory.Sequence(lambda n: f"Branch {n}")
    kind = factory.SubFactory(UnitKindFactory)


class JobClassFactory(DjangoModelFactory):
    class Meta:
        model = JobClass

    slug = factory.Sequence(lambda n: f"class-{n}")
    title_en = factory.Sequence(lambda n: f"Class {n}")
    title_es = factory.Sequence(lambda n: f"Clase {n}")
    rank = 3


class ProfileFactory(DjangoModelFactory):
    class Meta:
        model = Profile

    unit = factory.SubFactory(WorkUnitFactory)
    job_class = factory.SubFactory(JobClassFactory)
    managerial = False
    service_start = date(2020, 1, 6)
    degree = "none"
    languages = ["en"]
    modes = ["video"]


class UserFactory(DjangoModelFactory):
    """A member of staff with a mailbox and a profile. `roles=("coordinator",)` gives roles and, where they open
    the admin, a second factor."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    employee_number = factory.Sequence(lambda n: f"{200000 + n}")
    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")
    email = factory.LazyAttribute(lambda person: f"{person.employee_number}@library.example")
    profile = factory.RelatedFactory(ProfileFactory, factory_related_name="user")

    @factory.post_generation
    def mailbox(self, create, extracted, **kwargs):
        if self.email:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            self.groups.add(Group.objects.get_or_create(name=role)[0])
        if set(extracted or ()) & {"coordinator", "administrator"}:
            self.is_staff = True
            self.save(update_fields=["is_staff"])
            Authenticator.objects.create(
                user=self, type=Authenticator.Type.TOTP, data={"secret": seal_secret(TOTP_SECRET)}
            )


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    slug = factory.Sequence(lambda n: f"goal-{n}")
    family = "career"
    family_en = "Career path"
    family_es = "Carrera"
    title_en = factory.Sequence(lambda n: f"Goal {n}")
    title_es = factory.Sequence(lambda n: f"Meta {n}")


class ExperienceTagFactory(DjangoModelFactory):
    class Meta:
        model = ExperienceTag

    slug = factory.Sequence(lambda n: f"tag-{n}")
    title_en = factory.Sequence(lambda n: f"Experience {n}")
    title_es = factory.Sequence(lambda n: f"Experiencia {n}")


class IdentityOptionFactory(DjangoModelFactory):
    class Meta:
        model = IdentityOption

    dimension = "gender"
    slug = factory.Sequence(lambda n: f"option-{n}")
    title_en = factory.Sequence(lambda n: f"Option {n}")
    title_es = factory.Sequence(lambda n: f"Opción {n}")


class QuestionnaireFactory(DjangoModelFactory):
    class Meta:
        model = Questionnaire

    slug = factory.Sequence(lambda n: f"questionnaire-{n}")
    title_en = "Questions"
    title_es = "Preguntas"


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    kind = "short-text"
    label_en = "What?"
    label_es = "¿Qué?"


class SeasonFactory(DjangoModelFactory):
    """A published season whose applications are open at NOW."""

    class Meta:
        model = Season

    slug = factory.Sequence(lambda n: f"season-{n}")
    name_en = "Spring 2027"
    name_es = "Primavera de 2027"
    opens_on = date(2027, 1, 18)
    closes_on = date(2027, 2, 12)
    matches_on = date(2027, 3, 1)
    starts_on = date(2027, 3, 8)
    ends_on = date(2027, 8, 31)
    survey_on = date(2027, 9, 1)
    report_on = date(2027, 10, 1)
    published_at = NOW - timedelta(days=30)
    cuts = [25, 50]
    seed = "2027"


class EligibilityRuleFactory(DjangoModelFactory):
    class Meta:
        model = EligibilityRule

    season = factory.SubFactory(SeasonFactory)
    role = "mentee"
    kind = "service-years"
    value = 1


class ApplicationFactory(DjangoModelFactory):
    """A submitted application; `wants={goal: weight}` gives its goals."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    season = factory.SubFactory(SeasonFactory)
    applicant = factory.SubFactory(UserFactory)
    role = "mentee"
    state = "submitted"
    slots = ["mon-am"]
    modes = ["video"]
    languages = ["en"]
    facts_confirmed = True
    submitted_at = NOW

    @factory.post_generation
    def private_rows(self, create, extracted, **kwargs):
        Avoidance.objects.create(application=self)
        IdentityAnswer.objects.create(application=self)

    @factory.post_generation
    def wants(self, create, extracted, **kwargs):
        ApplicationGoal.objects.bulk_create(
            ApplicationGoal(application=self, goal=goal, weight=weight) for goal, weight in (extracted or {}).items()
        )


class MentorFactory(ApplicationFactory):
    """An eligible mentor; `wants={goal: strength}` gives what they offer."""

    role = "mentor"
    state = "eligible"


class MenteeFactory(ApplicationFactory):
    """An eligible mentee; `wants={goal: importance}` gives what they want."""

    role = "mentee"
    state = "eligible"


class PartnershipFactory(DjangoModelFactory):
    """An announced pair; `pair=(mentee's application, mentor's application)` gives its members."""

    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    season = factory.SubFactory(SeasonFactory)
    state = "announced"
    fit = 80
    approved_at = NOW
    approved_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def pair(self, create, extracted, **kwargs):
        for role, application in zip(("mentee", "mentor"), extracted or (), strict=False):
            Membership.objects.create(
                partnership=self,
                person=application.applicant,
                application=application,
                season=self.season,
                kind=Kind.PAIR,
                role=role,
                active=self.state not in {"declined", "cancelled"},
                joined_at=NOW,
            )


class MatchRunFactory(DjangoModelFactory):
    class Meta:
        model = MatchRun

    season = factory.SubFactory(SeasonFactory)
    number = factory.Sequence(lambda n: 1000 + n)
    requested_by = factory.SubFactory(UserFactory)
    requested_at = NOW


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    kind = "matching-run"
    requested_at = NOW
    requested_by = factory.SubFactory(UserFactory)


class DeliveryFactory(DjangoModelFactory):
    """A message that was sent."""

    class Meta:
        model = Delivery

    rule = "shared-mailbox"
    recipient = factory.SubFactory(UserFactory)
    dedupe_key = factory.Sequence(lambda n: f"delivery-{n}")
    state = "sent"
    due_at = made_at = sent_at = NOW


class WordingFactory(DjangoModelFactory):
    class Meta:
        model = Wording

    rule = "application-received"
    language = "en"
    subject = "We have your application"
    body = "Thank you."


class SignInCodeFactory(DjangoModelFactory):
    class Meta:
        model = SignInCode

    person = factory.SubFactory(UserFactory)
    code_hash = factory.Sequence(lambda n: f"hash-{n}")
    made_by = factory.SubFactory(UserFactory)
    made_at = NOW
    expires_at = NOW + timedelta(days=14)


class StaffImportFactory(DjangoModelFactory):
    class Meta:
        model = StaffImport

    file_name = factory.Sequence(lambda n: f"staff-{n}.csv")
    uploaded_at = NOW


class ResourceFactory(DjangoModelFactory):
    """An article in use."""

    class Meta:
        model = Resource

    slug = factory.Sequence(lambda n: f"text-{n}")
    title_en = factory.Sequence(lambda n: f"Text {n}")
    title_es = factory.Sequence(lambda n: f"Texto {n}")
    summary_en = "What it is about."
    summary_es = "De qué trata."
    body_en = "Words."
    body_es = "Palabras."
    active = True


class SelfCheckQuestionFactory(DjangoModelFactory):
    class Meta:
        model = SelfCheckQuestion

    resource = factory.SubFactory(ResourceFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    label_en = "What helps?"
    label_es = "¿Qué ayuda?"
    options = [{"key": "a", "en": "Asking", "es": "Preguntar"}, {"key": "b", "en": "Telling", "es": "Contar"}]
    right = "a"
    why_en = "A question leaves the thinking with them."
    why_es = "Con una pregunta, quien piensa es la otra persona."


class PathFactory(DjangoModelFactory):
    """A path for everywhere; `steps=[slug, …]` gives its texts."""

    class Meta:
        model = Path
        skip_postgeneration_save = True

    role = "mentor"

    @factory.post_generation
    def steps(self, create, extracted, **kwargs):
        for place, slug in enumerate(extracted or (), start=1):
            PathStep.objects.create(path=self, slug=slug, order=place * 10)


class CompletionFactory(DjangoModelFactory):
    class Meta:
        model = Completion

    person = factory.SubFactory(UserFactory)
    resource = factory.SubFactory(ResourceFactory)
    season = factory.SubFactory(SeasonFactory)
    completed_at = NOW
