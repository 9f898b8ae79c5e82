"""All parts of the local platform together, for ``make run`` and for tests alike."""

import threading
from collections.abc import Sequence
from pathlib import Path

from chalice.app import Chalice

from infra.local.aws import Services
from infra.local.engine import Engine, create_table
from infra.local.environment import TABLE, environment
from infra.local.process import free_port
from infra.local.server import Front, local_site
from infra.local.wiring import Events


class Platform:
    """Engine and services with table, queues and buckets made; the app comes later, because it
    reads the environment.

    Usage: ``start``, ``os.environ.update(platform.environment)``, import the app, ``serve``, at
    last ``stop``.
    """

    def __init__(self, engine: Engine, services: Services, folder: Path, port: int) -> None:
        self.engine = engine
        self.services = services
        self.environment = environment(
            folder=folder,
            port=port,
            engine_url=engine.url,
            services_url=services.url,
            stream_arn=create_table(engine.url, TABLE),
            queues=services.create_queues(),
            buckets=services.create_buckets(),
        )
        engine.index_stream()
        self.url = self.environment["CLUBKEEPER_PUBLIC_URL"]
        self.events: Events | None = None
        self._folder = folder
        self._port = port
        self._front: Front | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def start(
        cls,
        folder: Path,
        port: int | None = None,
        *,
        durable: bool = True,
        keep: Sequence[int] = (),
    ) -> "Platform":
        """Start what the app needs. Without ``durable`` the queues live in memory only, and the
        table in ``folder``: put that in memory too, e.g. below ``/dev/shm``.

        ``port`` is the HTTP front's (default: any free one); ``keep`` are locks that MiniStack
        holds open.
        """
        folder.mkdir(parents=True, exist_ok=True)
        engine = Engine.start(data=folder)
        try:
            services = Services.start(data=folder / "aws" if durable else None, keep=keep)
        except BaseException:
            engine.stop()
            raise
        try:
            return cls(engine, services, folder, port or free_port())
        except BaseException:
            services.stop()
            engine.stop()
            raise

    def serve(self, app: Chalice, *, background: bool = True) -> Events:
        """Open the HTTP front and the events of ``app``.

        Without ``background`` nothing is delivered by itself: tests call ``pump`` and ``fire`` on
        the result.
        """
        self.events = Events(app, self.environment, self._folder / "events.json")
        self._front = Front(local_site(app, self.environment), self._port).start()
        if background:
            self._thread = threading.Thread(target=self.events.run, args=(self._over,), daemon=True)
            self._thread.start()
        return self.events

    @property
    def broken(self) -> str | None:
        """The sentence to show when a part has ended by itself."""
        if not self.engine.alive:
            return "The database engine has ended unexpectedly."
        if not self.services.alive:
            return "The local AWS services (MiniStack) have ended unexpectedly."
        return None

    def stop(self) -> None:
        """Front first, then events, then what they stand on."""
        if self._front:
            self._front.stop()
        self._over.set()
        if self._thread:
            self._thread.join(10)
        self.services.stop()
        self.engine.stop()
