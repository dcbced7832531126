"""declared -> running: one machine, then twenty at once."""

import time

from bench import cloud
from bench.api import Api, report, running
from bench.floor import Floor

MACHINES = f"{cloud.SPACE}/virtualmachines"


def ours(api, names):
    begin = time.monotonic()
    for name in names:
        api.create(MACHINES, cloud.machine(name))
    return api.until(MACHINES, names, running) - begin


def measure(api, floor, count):
    names = [f"c{count}-{i}" for i in range(count)]
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
    report(f"create {count}", seconds, bare, "<= 1.25")


def main():
    api, floor = Api(), Floor()
    floor.clean()
    cloud.prepare(api)
    try:
        for count in (1, 20):
            measure(api, floor, count)
    finally:
        cloud.clean(api)


main()
