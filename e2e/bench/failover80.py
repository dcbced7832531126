"""A host with many guests without an operating system loses power -> all running elsewhere; the floor is the same
guests started there by bare calls."""

import concurrent.futures
import time

import libvirt

from bench import cloud, move
from bench.api import KUMIKO, Api, ready
from bench.hosts import HOSTS, mode, roomy
from bench.lab import lab, start_lab

MACHINES = f"{cloud.SPACE}/virtualmachines"
COUNTS = (20, 80)
DETECTION = 5.0
# As many as the operators start at a time, on two hosts.
AT_A_TIME = 4


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
    least = floor(api, names)
    for name in names:
        api.delete(f"{MACHINES}/{name}")
    api.until_gone(MACHINES, names)
    return end - begin, least


def floor(api, names):
    """Seconds to start them where they are now."""
    machines = [api.request("GET", f"{MACHINES}/{name}") for name in names]
    connections = {host: move.connect(host) for host in {move.place(machine) for machine in machines}}
    with move.paused(api, names), concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        domains = [connections[move.place(m)].lookupByUUIDString(m["metadata"]["uid"]) for m in machines]
        list(pool.map(lambda domain: domain.destroy(), domains))
        begin = time.monotonic()
        list(pool.map(start, domains))
        taken = time.monotonic() - begin
    return taken


def start(domain):
    domain.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    domain.resume()


def main():
    api = Api()
    cloud.prepare(api)
    try:
        with roomy(api) as (host, *others):
            for count in COUNTS:
                taken, least = measure(api, host, others, count)
                print(f"failover {count:<3} guests          ours {taken:8.3f} s   floor {least:8.3f} s"
                      f"   ratio without {DETECTION:.0f} s of detection {(taken - DETECTION) / least:.2f}"
                      f"   goal <= {DETECTION + 15:.0f} s   {(taken - DETECTION) / count * 1000:.0f} ms a guest")
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
