"""A mail server on loopback that takes everything, with as much SMTP as a client needs to hand over one mail."""

import socketserver
from collections.abc import Callable


class Sink(socketserver.ThreadingTCPServer):
    """`on_mail(sender, content)` is called before the client hears that its mail was taken.

    `sender` is the local part of the envelope's address.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, on_mail: Callable[[str, bytes], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.on_mail = on_mail

    @property
    def url(self) -> str:
        """Its address, as the settings read it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return  # the client was killed

    def _talk(self) -> None:
        sender = ""
        self._say(b"220 storm")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"MAIL":
                sender = line.decode().partition("<")[2].partition("@")[0]
            if verb == b"DATA":
                self._say(b"354 go on")
                content = self._content()
                if content is None:
                    return
                assert isinstance(self.server, Sink)
                self.server.on_mail(sender, content)
            self._say(b"221 bye" if verb == b"QUIT" else b"250 storm")
            if verb == b"QUIT":
                return

    def _content(self) -> bytes | None:
        """The mail, or None where the client was killed before its last line: then it wasn't handed over."""
        lines: list[bytes] = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line)
        return None

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")
