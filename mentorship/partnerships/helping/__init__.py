"""Get help: what a member of a pair raises with coordinators who have no part in it."""


def register_all() -> None:
    """Hang requests for help into pages, mails and the life of a season; called once, when the program starts."""
    from mentorship.common.registries import registries
    from mentorship.partnerships.helping import home, messages, services, today
    from mentorship.partnerships.helping.retention import register_notes
    from mentorship.seasons import actions

    messages.register_all()
    register_notes()
    registries.home += [home.answer_card, home.help_card]
    registries.tasks.append(today.tasks)
    actions.register_archive_step(services.purge_cases)
