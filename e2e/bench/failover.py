"""Power cord pulled -> guest ready elsewhere; the floor is the same guest blocked and started by bare calls."""

import datetime
import json
import subprocess
import time

from bench import cloud
from bench.api import KUMIKO, Api, ready
from bench.floor import Floor
from bench.lab import lab, start_lab

MACHINES = f"{cloud.SPACE}/virtualmachines"
NAME = "failover"
ROUNDS = 3
DETECTION = 5.0
PHASES = (("detection", "silentSince", "givenUpAt"), ("fence and release", "givenUpAt", "releasedAt"),
          ("placement", "releasedAt", "placedAt"), ("grant", "placedAt", "grantedAt"),
          ("start", "grantedAt", "startedAt"), ("boot", "startedAt", "readyAt"))


def ours(api):
    """(seconds from the power cord to Ready, seconds of each phase)"""
    machine = api.request("GET", f"{MACHINES}/{NAME}")
    host = machine["status"]["placement"]["host"]
    begin = time.monotonic()
    cord = start_lab("host", "off", host)
    end = api.until(MACHINES, [NAME], lambda m: ready(m) and m["status"]["placement"]["host"] != host)
    cord.wait()
    story = api.request("GET", f"{MACHINES}/{NAME}")["status"]["recovery"]
    lab("host", "on", host)
    api.until(f"{KUMIKO}/hosts", [host], ready)
    api.until_gone(f"{KUMIKO}/fences", [host])
    return end - begin, [(phase, seconds(story[a], story[b])) for phase, a, b in PHASES]


def seconds(begin, end):
    parse = datetime.datetime.fromisoformat
    return (parse(end.replace("Z", "+00:00")) - parse(begin.replace("Z", "+00:00"))).total_seconds()


def bare(api):
    """Seconds to block an address and to start the same guest on its host, until it answers."""
    floor = Floor()
    machine = api.request("GET", f"{MACHINES}/{NAME}")
    api.patch(f"{MACHINES}/{NAME}", {"metadata": {"annotations": {"kumiko.dev/reconcile": "Paused"}}})
    time.sleep(1)
    host, uid = machine["status"]["placement"]["host"], machine["metadata"]["uid"]
    domain = floor.hosts[host].lookupByUUIDString(uid)
    neighbour = lab("probe", cloud.TENANT, "front")
    domain.destroy()
    begin = time.monotonic()
    command(floor, {"prefix": "osd blocklist", "blocklistop": "add", "addr": "192.0.2.99", "expire": 60.0})
    command(floor, {"prefix": "osd blocklist ls"})
    domain.createWithFlags(1)
    domain.resume()
    address = machine["status"]["addresses"][0]
    while subprocess.run(["ip", "netns", "exec", neighbour, "timeout", "1", "bash", "-c",
                          f"exec 3<>/dev/tcp/{address}/22"], stderr=subprocess.DEVNULL, check=False).returncode:
        time.sleep(0.05)
    taken = time.monotonic() - begin
    command(floor, {"prefix": "osd blocklist", "blocklistop": "rm", "addr": "192.0.2.99"})
    api.patch(f"{MACHINES}/{NAME}", {"metadata": {"annotations": {"kumiko.dev/reconcile": None}}})
    api.until(MACHINES, [NAME], ready)
    return taken


def command(floor, what):
    code, _, error = floor.cluster.mon_command(json.dumps({**what, "format": "json"}), b"")
    if code:
        raise RuntimeError(f"{what}: {error}")


def main():
    api = Api()
    cloud.prepare(api)
    try:
        machine = cloud.machine(NAME)
        machine["spec"]["readiness"] = {"tcpPort": 22}
        api.create(MACHINES, machine)
        api.until(MACHINES, [NAME], ready)
        for _ in range(ROUNDS):
            total, phases = ours(api)
            least = bare(api)
            goal = DETECTION + 1.2 * least
            print(f"failover                     ours {total:8.3f} s   floor {least:8.3f} s   "
                  f"ratio without {DETECTION:.0f} s of detection {(total - DETECTION) / least:.2f}   "
                  f"goal <= 5 + 1.2 x floor = {goal:.3f} s   " + ", ".join(f"{phase} {taken:.2f}" for phase, taken in phases))
    finally:
        cloud.clean(api)


if __name__ == "__main__":
    main()
