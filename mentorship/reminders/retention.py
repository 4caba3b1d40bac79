"""What is kept of messages, and why."""

from django.utils.translation import gettext_lazy as _

from mentorship.records.reading import Matter, Reading, plain_words
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery, Heartbeat, MailToken, Preference, SeasonRule, Wording

OUTBOX = (Reader.OWNER, Reader.COORDINATOR)


def register_notes() -> None:
    """Messages hold keys, not texts: they are read by making them anew."""
    register(
        Delivery,
        owner="recipient",
        reading=Reading(
            Matter.MESSAGES,
            _("Messages"),
            line=lambda row: (
                registry.title_of(row.rule),
                f"{row.get_state_display()} · {plain_words(row.sent_at or row.due_at)}",
            ),
            hidden="recipient",
        ),
        kept=[
            Kept(
                "id rule recipient state due_at made_at sent_at attempts",
                _("to send each message once and to show what was sent when"),
                Keep.DAYS_400,
                OUTBOX,
                Erasure.DELETE,
            ),
            Kept(
                "subject_id ids dedupe_key lease_until message_id problem week carrier",
                _("to make the message when it is sent, never to send it twice, and one reminder a week"),
                Keep.DAYS_400,
                (Reader.NOBODY,),
                Erasure.DELETE,
            ),
        ],
    )
    register(
        Preference,
        owner="person",
        reading=Reading(Matter.MESSAGES, _("Whether you want reminders"), hidden="person"),
        kept=[
            Kept(
                "id person reminders",
                _("to send no reminders to those who want none"),
                Keep.EMPLOYMENT,
                (Reader.OWNER,),
                Erasure.DELETE,
            )
        ],
    )
    register(
        MailToken,
        owner="person",
        reading=Reading(Matter.MESSAGES),
        kept=[
            Kept(
                "id person purpose subject_id secret_hash expires_at used_at revoked_at",
                _("to let a link in a message act for its recipient, and for nobody else"),
                Keep.DAYS_400,
                (Reader.NOBODY,),
                Erasure.DELETE,
            )
        ],
    )
    register(
        Wording,
        owner="",
        kept=[
            Kept(
                "id rule language season_id subject body",
                _("the library's own words for its messages"),
                Keep.HISTORY,
                (Reader.COORDINATOR,),
                Erasure.STAY,
            )
        ],
    )
    register(
        SeasonRule,
        owner="",
        kept=[
            Kept(
                "id rule season_id on days",
                _("which reminders a season sends, and when"),
                Keep.HISTORY,
                (Reader.COORDINATOR,),
                Erasure.STAY,
            )
        ],
    )
    register(
        Heartbeat,
        owner="",
        kept=[
            Kept(
                "id name at",
                _("to see that the clock's work is still done"),
                Keep.HISTORY,
                (Reader.NOBODY,),
                Erasure.STAY,
            )
        ],
    )
