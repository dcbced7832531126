"""A host with many guests without an operating system loses power -> all running elsewhere."""

import time

from bench import cloud
from bench.api import KUMIKO, Api, ready
from bench.lab import lab, start_lab

MACHINES = f"{cloud.SPACE}/virtualmachines"
HOSTS = f"{KUMIKO}/hosts"
COUNTS = (20, 80)
DETECTION = 5.0


def guest(name):
    return cloud.resource(
        "VirtualMachine",
        name,
        {"vcpus": 1, "memory": "16Mi", "disks": [{"name": "root", "template": {"pool": "vms", "size": "4Mi"}}]},
    )


def mode(api, host, value):
    api.patch(f"{HOSTS}/{host}", {"spec": {"mode": value}})


def measure(api, host, others, count):
    names = [f"many-{count}-{i}" for i in range(count)]
    for other in others:
        mode(api, other, "Cordoned")
    for name in names:
        api.create(MACHINES, guest(name))
    api.until(MACHINES, names, ready)
    for other in others:
        mode(api, other, "Active")
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
    hosts = api.request("GET", HOSTS)["items"]
    names = [h["metadata"]["name"] for h in hosts]
    try:
        for host in hosts:
            api.patch(f"{HOSTS}/{host['metadata']['name']}", {"spec": {"capacity": {"vcpus": 100, "memory": "64Gi"}}})
        for count in COUNTS:
            taken = measure(api, names[0], names[1:], count)
            print(f"failover {count:<3} guests          ours {taken:8.3f} s   of which {DETECTION:.0f} s detection:"
                  f" {(taken - DETECTION) / count * 1000:.0f} ms a guest   goal <= {DETECTION + 15:.0f} s")
    finally:
        for host in hosts:
            name = host["metadata"]["name"]
            api.patch(f"{HOSTS}/{name}", {"spec": {"mode": "Active", "capacity": host["spec"].get("capacity")}})
        cloud.clean(api)


if __name__ == "__main__":
    main()
