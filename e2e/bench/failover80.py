"""A host with many guests without an operating system loses power -> all running elsewhere."""

import time

from bench import cloud
from bench.api import KUMIKO, Api, ready
from bench.hosts import HOSTS, mode, roomy
from bench.lab import lab, start_lab

MACHINES = f"{cloud.SPACE}/virtualmachines"
COUNTS = (20, 80)
DETECTION = 5.0


def measure(api, host, others, count):
    names = [f"many-{count}-{i}" for i in range(count)]
    mode(api, others, "Cordoned")
    for name in names:
        api.create(MACHINES, cloud.empty_machine(name))
    api.until(MACHINES, names, ready)
    mode(api, others, "Active")
    begin = time.monotonic()
    cord = start_lab("host", "off", host)
    end = api.until(MACHINES, names, lambda m: ready(m) and m["status"]["placement"]["host"] != host)
    cord.wait()
    lab("host", "on", host)
    api.until(HOSTS, [host], ready)
    api.until_gone(f"{KUMIKO}/fences", [host])
    for name in names:
        api.delete(f"{MACHINES}/{name}")
    api.until_gone(MACHINES, names)
    return end - begin


def main():
    api = Api()
    cloud.prepare(api)
    try:
        with roomy(api) as (host, *others):
            for count in COUNTS:
                taken = measure(api, host, others, count)
                print(f"failover {count:<3} guests          ours {taken:8.3f} s   of which {DETECTION:.0f} s detection:"
                      f" {(taken - DETECTION) / count * 1000:.0f} ms a guest   goal <= {DETECTION + 15:.0f} s")
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
