"""Texts in versions: what was once used never changes, and a library edits a version of its own instead."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentorship.common.content import Origin
from mentorship.common.keys import UUIDModel


class Version(UUIDModel):
    """One version of a text with a title; from its first use on, when `frozen_at` is set, it is fixed.

    `origin` tells texts shipped in files, which `load_content` keeps up to date, from a library's own copies, which
    it never touches. Copies count their versions from `FIRST_LOCAL`, out of the way of versions still to be shipped.
    """

    FIRST_LOCAL = 1001

    slug = models.SlugField(_("key"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    title_en = models.CharField(_("title in English"), max_length=160)
    title_es = models.CharField(_("title in Spanish"), max_length=160, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.LOCAL)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def version_words(self) -> str:
        """The version as people say it: a library's own copies have a count of their own."""
        if self.version >= self.FIRST_LOCAL:
            return gettext("your version %(number)d") % {"number": self.version - self.FIRST_LOCAL + 1}
        return gettext("version %(number)d") % {"number": self.version}

    @property
    def editable(self) -> bool:
        """Whether it may be changed as it stands: the library's own, and not yet used by anybody."""
        return self.origin == Origin.LOCAL and self.frozen_at is None

    def next_local_version(self) -> int:
        """The number of the library's next version of this text, whose versions stay locked until the commit."""
        versions = type(self)._default_manager.select_for_update(of=("self",)).filter(slug=self.slug)
        return max(max(row.version for row in versions) + 1, self.FIRST_LOCAL)


def guard_of_parts(*, name: str, table: str, column: str, refusal: str, indent: int = 0) -> pgtrigger.Trigger:
    """Return the trigger of a table of parts: none comes to, changes in or leaves a frozen version.

    `table` has the versions, `column` names a part's own, `refusal` is what the database says. `indent` is how far
    the body is set in: migrations know a trigger by each byte of it.
    """
    body = f"""
    IF EXISTS (
        SELECT 1 FROM {table}
        WHERE frozen_at IS NOT NULL
          AND id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NEW.{column} ELSE OLD.{column} END,
            CASE WHEN TG_OP = 'DELETE' THEN OLD.{column} ELSE NEW.{column} END
          )
    ) THEN
        RAISE EXCEPTION '{refusal}';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""  # noqa: S608 - names that models give, never a request
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=body.replace("\n", "\n" + " " * indent),
    )
