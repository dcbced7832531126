"""Migration declared -> guest on the other host; the floor is the same guest moved by bare calls."""

import statistics
import time

from bench import cloud, move
from bench.api import Api, ready, report

MIGRATIONS = f"{cloud.SPACE}/migrations"
NAME = "mover"
ROUNDS = 6


def ours(api, name, target):
    """(seconds, milliseconds of downtime)"""
    spec = {"virtualMachine": NAME, "targetHost": target}
    begin = time.monotonic()
    api.create(MIGRATIONS, cloud.resource("Migration", name, spec))
    end = api.until(MIGRATIONS, [name], succeeded)
    status = api.request("GET", f"{MIGRATIONS}/{name}")["status"]
    api.delete(f"{MIGRATIONS}/{name}")
    api.until_gone(MIGRATIONS, [name])
    api.until(move.MACHINES, [NAME], lambda m: ready(m) and move.place(m) == target)
    return round(end - begin, 3), status["downtimeMilliseconds"]


def succeeded(migration):
    phase = migration.get("status", {}).get("phase")
    if phase in ("Failed", "Cancelled"):
        raise RuntimeError(f"{phase}: {migration['status']['conditions']}")
    return phase == "Succeeded"


def floor(api, uid, source, target):
    """(seconds, milliseconds of downtime) of the way there and of the way back."""
    with move.paused(api, [NAME]):
        return [(round(move.bare(uid, a, b), 3), move.downtime(uid, b)) for a, b in ((source, target), (target, source))]


def main():
    api = Api()
    cloud.prepare(api)
    try:
        move.anchors(api)
        machine = cloud.machine(NAME)
        machine["spec"]["readiness"] = {"tcpPort": 22}
        api.create(move.MACHINES, machine)
        api.until(move.MACHINES, [NAME], ready)
        machine = api.request("GET", f"{move.MACHINES}/{NAME}")
        uid, source = machine["metadata"]["uid"], move.place(machine)
        target = next(host for host in move.hosts() if host != source)
        declared, bare = [], []
        for number in range(ROUNDS):
            declared += [ours(api, f"there-{number}", target), ours(api, f"back-{number}", source)]
            bare += floor(api, uid, source, target)
        for what, index, goal, unit in (("migrate", 0, "<= 1.2", "s"), ("downtime", 1, "0.9 to 1.1", "ms")):
            values = [[sample[index] for sample in samples] for samples in (declared, bare)]
            for whose, single in zip(("ours", "floor"), values):
                print(f"{what}, {whose}:", *[f"{value:g}" for value in single], unit)
            report(f"{what} (median of {len(bare)})", *map(statistics.median, values), goal, unit)
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
