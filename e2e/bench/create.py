"""declared -> running: one machine, five times, then twenty at once."""

import statistics
import time

from bench import cloud
from bench.api import Api, report, running
from bench.floor import Floor

MACHINES = f"{cloud.SPACE}/virtualmachines"
ROUNDS = 5


def ours(api, names):
    begin = time.monotonic()
    for name in names:
        api.create(MACHINES, cloud.machine(name))
    return api.until(MACHINES, names, running) - begin


def measure(api, floor, label, count):
    """(seconds of ours, of the floor)"""
    names = [f"{label}-{i}" for i in range(count)]
    seconds = ours(api, names)
    template = floor.template(names[0])
    for name in names[1:]:
        api.delete(f"{MACHINES}/{name}")
    api.until_gone(MACHINES, names[1:])
    try:
        bare = floor.make(template, count)
    finally:
        floor.clean()
    api.delete(f"{MACHINES}/{names[0]}")
    api.until_gone(MACHINES, names)
    return seconds, bare


def main():
    api, floor = Api(), Floor()
    floor.clean()
    cloud.prepare(api)
    try:
        ours_one, floor_one = zip(*[measure(api, floor, f"one{i}", 1) for i in range(ROUNDS)])
        report(f"create 1 (median of {ROUNDS})", statistics.median(ours_one), statistics.median(floor_one), "<= 1.25")
        report("create 20", *measure(api, floor, "twenty", 20), "<= 1.25")
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
