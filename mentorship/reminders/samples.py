"""Messages about nobody, for previews: a real person's is not for every coordinator to read."""

from collections.abc import Callable

from mentorship.people.models import User
from mentorship.reminders.models import Delivery


def sample_of(rule: str) -> Callable[[], Delivery]:
    """Return what a rule takes as its `sample`: a message to somebody invented, with no subject and no ids."""

    def sample() -> Delivery:
        return Delivery(rule=rule, recipient=User(given_name="Sam", family_name="Tran", email="sam@library.example"))

    return sample
