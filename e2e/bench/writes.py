"""API writes per machine created, and what a settled system costs."""

import glob
import os
import time

from bench import cloud
from bench.api import Api, ready, report, running

MACHINES = f"{cloud.SPACE}/virtualmachines"
COUNT = 10

# What its user writes: the machine. All else is ours.
FLOOR = 1
SETTLED_SECONDS = 60

# Counters of a Network are exact that long after the last change.
SETTLING_SECONDS = 30


def difference(before, after):
    return {k: after[k] - before.get(k, 0) for k in after if after[k] != before.get(k, 0)}


def operators():
    """(name, pid) of each operator process; the pid file names its supervisor."""
    for path in sorted(glob.glob(f"{os.environ['KUMIKO_LAB']}/run/operator-*.pid")):
        with open(path, encoding="utf-8") as file:
            supervisor = file.read().split()[0]
        with open(f"/proc/{supervisor}/task/{supervisor}/children", encoding="utf-8") as file:
            yield os.path.basename(path)[len("operator-"):-len(".pid")], int(file.read().split()[0])


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) / 1024


def show(counts, per):
    for (resource, subresource), count in sorted(counts.items(), key=lambda entry: -entry[1]):
        print(f"    {resource}{'/' + subresource if subresource else '':24} {count / per:6.2f}")


def creation(api):
    names = [f"w{i}" for i in range(COUNT)]
    before = api.writes()
    for name in names:
        api.create(MACHINES, cloud.machine(name))
    api.until(MACHINES, names, lambda machine: running(machine) and ready(machine))
    time.sleep(5)
    counts = difference(before, api.writes())
    report("writes per machine", sum(counts.values()) / COUNT, FLOOR, "<= 12, of which:", "  ")
    show(counts, COUNT)


def settled(api):
    time.sleep(SETTLING_SECONDS)
    before, cpu = api.writes(), {name: cpu_seconds(pid) for name, pid in operators()}
    time.sleep(SETTLED_SECONDS)
    counts = difference(before, api.writes())
    print(f"{'writes settled, 60 s':28} ours {sum(counts.values()):8.0f}     floor        0      goal 0")
    show(counts, 1)
    used, resident = {}, {}
    for name, pid in operators():
        used[name] = (cpu_seconds(pid) - cpu[name]) / SETTLED_SECONDS * 100
        resident[name] = rss_mib(pid)
        print(f"{'settled ' + name:28} {used[name]:6.2f} % of a core, {resident[name]:5.0f} MiB RSS     goal < 350 MiB")
    print(f"{'settled, all operators':28} {sum(used.values()):6.2f} % of a core, {sum(resident.values()):5.0f} MiB RSS     goal < 2 %")


def main():
    api = Api()
    cloud.prepare(api)
    try:
        creation(api)
        settled(api)
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
