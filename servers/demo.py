"""The whole product on one computer: servers, prepared database, worker, beat and web, until Ctrl-C."""

import errno
import http.client
import signal
import socket
import sys

from servers.console import say
from servers.environment import Servers, demo_environment, port
from servers.failure import StartError
from servers.prepare import prepare
from servers.supervisor import Stopped, Supervisor, stop_on_signals

HOST = "127.0.0.1"
SECONDS_TO_FIRST_ANSWER = 60
# Workers have nothing to tell each other; asking around costs seconds at the start. A worker that gets
# SIGQUIT leaves its tasks to the broker, for they are acknowledged late.
WORKER = (
    "celery --app mentorship.celery worker --queues mail,long --concurrency 2 --loglevel INFO "
    "--without-gossip --without-mingle --without-heartbeat"
)
BEAT = "celery --app mentorship.celery beat --loglevel INFO"
WEB = (
    "gunicorn mentorship.wsgi:application --workers 2 --threads 4 --preload --graceful-timeout 1 --no-control-socket"
)


def run() -> int:
    """Run the demo until SIGINT or SIGTERM; returns 0 then, and raises StartError for anything else."""
    stop_on_signals()
    try:
        number = port()
        with hold_port(number) as held, Servers("demo") as servers:
            environment = demo_environment(servers, number)
            prepare(servers, environment, stream=sys.stdout, anew=True)
            with Supervisor(servers.folders.logs, environment) as supervisor:
                start_children(supervisor, servers, number, held)
                tell(servers, environment["PUBLIC_URL"])
                supervisor.watch(lambda: check_servers(servers))
    except Stopped:
        say("Stopped.")
        return 0


def hold_port(number: int) -> socket.socket:
    """A listening socket that the web server inherits, so that nobody takes the port in between."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((HOST, number))
        held.listen(64)
    except OSError as error:
        held.close()
        problem = "is in use" if error.errno == errno.EADDRINUSE else f"can't be used ({error.strerror})"
        raise StartError(f"port {number} {problem}: set PORT=… to another one.") from None
    return held


def start_children(supervisor: Supervisor, servers: Servers, number: int, held: socket.socket) -> None:
    """Web first, for somebody waits for its first page; then worker and beat."""
    given = f"fd://{held.fileno()}"
    web = supervisor.start(f"web {number}", module(WEB, "--bind", given), pass_fds=[held.fileno()])
    supervisor.wait_for(web, lambda: is_alive(number), SECONDS_TO_FIRST_ANSWER)
    supervisor.start(
        f"worker {number}",
        module(WORKER, "--hostname", f"demo-{number}@%h"),
        parting=signal.SIGQUIT,
        # Without its broker, which goes at the same time, a worker takes long to end by itself.
        orphaned=signal.SIGKILL,
    )
    schedule = servers.folders.data / f"beat-{number}"
    supervisor.start(f"beat {number}", module(BEAT, "--pidfile", "", "--schedule", str(schedule)))


def module(command: str, *more: str) -> list[str]:
    """A command line that runs a module under our own Python."""
    return [sys.executable, "-m", *command.split(), *more]


def is_alive(number: int) -> bool:
    connection = http.client.HTTPConnection(HOST, number, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check_servers(servers: Servers) -> None:
    for lease in servers.leases:
        if not lease.alive():
            raise StartError(f"{lease.title} stopped unexpectedly (logs: {servers.folders.logs})")


def tell(servers: Servers, url: str) -> None:
    say(f"Perennial runs at {url}/ · Ctrl-C stops it.")
    say(f"Mail that it sends: {servers.folders.mail} · logs: {servers.folders.logs}")
