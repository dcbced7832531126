"""Host in Maintenance -> its guests ready elsewhere; the floor is the same guests moved by bare calls, two at a time."""

import concurrent.futures
import time

from bench import cloud, move
from bench.api import Api, ready, report
from bench.hosts import mode, roomy

NAMES = [f"drain-{number}" for number in range(10)]
# As many as the operators move from a host at a time.
AT_A_TIME = 2


def fill(api, others):
    mode(api, others, "Cordoned")
    for name in NAMES:
        machine = cloud.machine(name)
        machine["spec"]["readiness"] = {"tcpPort": 22}
        api.create(move.MACHINES, machine)
    api.until(move.MACHINES, NAMES, ready)
    mode(api, others, "Active")


def floor(api, host, others):
    """Seconds until all are on the other hosts; they are brought back then."""
    uids = [api.request("GET", f"{move.MACHINES}/{name}")["metadata"]["uid"] for name in NAMES]
    targets = [others[number % len(others)] for number in range(len(uids))]
    with move.paused(api, NAMES), concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        begin = time.monotonic()
        list(pool.map(lambda uid, target: move.bare(uid, host, target), uids, targets))
        taken = time.monotonic() - begin
        list(pool.map(lambda uid, target: move.bare(uid, target, host), uids, targets))
    return taken


def ours(api, host):
    begin = time.monotonic()
    mode(api, [host], "Maintenance")
    return api.until(move.MACHINES, NAMES, lambda m: ready(m) and move.place(m) != host) - begin


def main():
    api = Api()
    cloud.prepare(api)
    try:
        with roomy(api) as (host, *others):
            move.anchors(api)
            fill(api, others)
            bare = floor(api, host, others)
            report(f"drain {len(NAMES)} guests", ours(api, host), bare, "<= 1.2")
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
