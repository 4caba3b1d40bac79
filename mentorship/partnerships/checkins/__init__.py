"""The monthly check-in: one question to each member of a pair, and what coordinators do about the answers."""


def register_all() -> None:
    """Hang check-ins into pages, mails and the life of a season; called once, when the program starts."""
    from mentorship.common.registries import registries
    from mentorship.partnerships.checkins import home, messages, services, today
    from mentorship.partnerships.checkins.retention import register_notes
    from mentorship.seasons import actions

    messages.register_all()
    register_notes()
    registries.home.append(home.check_in_card)
    registries.tasks.append(today.tasks)
    actions.register_archive_step(services.purge_words)
