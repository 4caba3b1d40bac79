"""What runs as long as a `with` block, and is stopped in peace at its end."""

from types import TracebackType
from typing import Self

from servers import processes


class Running:
    """Base of what is started and stopped by `with`; a start that comes only halfway is stopped as well.

    While it stops, the signals that ask us to stop are held back: they ask for what is being done.
    """

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop_in_peace()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stop_in_peace()

    def _start(self) -> None:
        """Start everything that has to run from the beginning of the block."""

    def _stop(self) -> None:
        """Stop whatever was started."""
        raise NotImplementedError

    def _stop_in_peace(self) -> None:
        with processes.undisturbed():
            self._stop()
