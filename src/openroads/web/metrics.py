"""Figures of the running house in Prometheus' text format: counts and times, never names or words."""

import hmac
import os
import resource
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest

from openroads import __version__
from openroads.archive.queries.state import kept
from openroads.delivery import queries as delivery
from openroads.directory.conversations import archive, is_open
from openroads.listening.ear.state import deaf_now
from openroads.listening.models import Import, Source

log = structlog.get_logger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BOUNDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of answer times, in seconds."""

Labels = Mapping[str, object]
Sample = tuple[Labels, float]


class Answers:
    """How many requests were answered, by method, route and status, and how long that took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: Counter[tuple[str, str, int]] = Counter()
        self._within = [0] * len(BOUNDS)
        self._seconds = 0.0

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. `route` is the pattern of an address, never an address somebody typed."""
        with self._lock:
            self._count[method if method in METHODS else "other", route, status] += 1
            self._seconds += seconds
            for place, bound in enumerate(BOUNDS):
                self._within[place] += seconds <= bound

    def lines(self) -> Iterator[str]:
        with self._lock:
            count, within, seconds = dict(self._count), list(self._within), self._seconds
        total = sum(count.values())
        yield from _metric(
            "openroads_http_requests_total", "counter", "Requests answered by this process.",
            [({"method": m, "route": r, "status": s}, n) for (m, r, s), n in sorted(count.items())],
        )  # fmt: skip
        name = "openroads_http_request_seconds"
        yield f"# HELP {name} Time to answer a request."
        yield f"# TYPE {name} histogram"
        for bound, number in zip(BOUNDS, within, strict=True):
            yield f'{name}_bucket{{le="{bound:g}"}} {number}'
        yield f'{name}_bucket{{le="+Inf"}} {total}'
        yield f"{name}_sum {seconds:.6f}"
        yield f"{name}_count {total}"


answers = Answers()
"""Of this process, counted by `config.middleware.request_log`."""
_started = time.time()


def may_read_metrics(request: HttpRequest) -> bool:
    """With OPENROADS_METRICS_TOKEN set whoever shows it, and nobody else. Without it only this very
    machine, and only as long as no proxy stands in front: all that comes through one looks local."""
    token = settings.OPENROADS.metrics_token
    if token:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    given = settings.OPENROADS
    if given.trusted_proxy_count or given.url.startswith("https:"):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def metrics_text() -> str:
    """Everything, as Prometheus reads it (text format 0.0.4). A part that cannot be asked now is left
    out and counted in openroads_metrics_missing."""
    lines, missing = [], 0
    for part in (_process, answers.lines, _jobs, _mail, _listening, _conversations):
        try:
            lines += list(part())
        except Exception:
            log.exception("figures are missing", part=part.__name__)
            missing += 1
    lines += _metric("openroads_metrics_missing", "gauge", "Parts left out here.", [({}, missing)])
    return "\n".join(lines) + "\n"


def _process() -> Iterator[str]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    free = shutil.disk_usage(settings.OPENROADS.data).free
    yield from _metric("openroads_info", "gauge", "Version.", [({"version": __version__}, 1)])
    yield from _metric("process_start_time_seconds", "gauge", "Start, Unix time.", [({}, _started)])
    yield from _metric(
        "process_cpu_seconds_total", "counter", "Processor time.",
        [({}, used.ru_utime + used.ru_stime)],
    )  # fmt: skip
    yield from _metric("openroads_threads", "gauge", "Threads.", [({}, threading.active_count())])
    yield from _metric(
        "openroads_disk_free_bytes", "gauge", "Free in the data folder.", [({}, free)]
    )
    if (resident := _resident_bytes()) is not None:
        yield from _metric("process_resident_memory_bytes", "gauge", "Memory.", [({}, resident)])


def _jobs() -> Iterator[str]:
    yield from _by_state("openroads_jobs", "Jobs in line, running, done and given up.", delivery.jobs_by_state())  # fmt: skip
    yield from _metric("openroads_jobs_stuck", "gauge", "Jobs that should have begun or shown a sign.", [({}, delivery.stuck_jobs().count())])  # fmt: skip
    silent = delivery.seconds_since_beat()
    if silent is not None:
        yield from _metric("openroads_worker_silent_seconds", "gauge", "Since a worker was heard of.", [({}, silent)])  # fmt: skip


def _mail() -> Iterator[str]:
    yield from _by_state("openroads_deliveries", "What leaves the house, by state.", delivery.deliveries_by_state())  # fmt: skip
    yield from _metric("openroads_deliveries_late", "gauge", "What should have left an hour ago.", [({}, delivery.late_deliveries().count())])  # fmt: skip


def _listening() -> Iterator[str]:
    sources, imports = Source.objects.order_by(), Import.objects.order_by()
    kinds = sources.values_list("kind").annotate(n=Count("pk"))
    states = imports.values_list("state").annotate(n=Count("pk"))
    yield from _metric("openroads_sources", "gauge", "Sources by kind.", [({"kind": k}, n) for k, n in kinds])  # fmt: skip
    yield from _metric("openroads_sources_deaf", "gauge", "Sources whose last visit failed.", [({}, sources.exclude(last_error="").count())])  # fmt: skip
    yield from _metric("openroads_ears_deaf", "gauge", "Sources in a deaf spell.", [({}, deaf_now())])  # fmt: skip
    yield from _by_state("openroads_imports", "Imports by state.", dict(states))


def _conversations() -> Iterator[str]:
    if is_open():
        posts = sum(row.posts for row in kept(archive()))
        yield from _metric("openroads_posts", "gauge", "Posts in the archive.", [({}, posts)])


def _by_state(name: str, help_text: str, counts: Mapping[str, int]) -> Iterator[str]:
    samples = [({"state": state}, count) for state, count in sorted(counts.items())]
    return _metric(name, "gauge", help_text, samples)


def _metric(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        shown = ",".join(f'{label}="{_escaped(said)}"' for label, said in labels.items())
        yield f"{name}{{{shown}}} {_number(value)}" if shown else f"{name} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.3f}"


def _escaped(said: object) -> str:
    return str(said).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _resident_bytes() -> int | None:
    """Memory in use; None where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
