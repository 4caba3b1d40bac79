"""Why something can't be done with an application, in words for the person who tried."""


class ApplicationError(Exception):
    """Nothing was changed; the text says why and what to do."""
