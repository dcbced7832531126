"""declared -> programmed on all hosts: one network, ten times."""

import statistics
import subprocess
import time

from bench import cloud
from bench.api import Api, ready, report
from bench.floor import Floor

NETWORKS = f"{cloud.SPACE}/networks"
ROUNDS = 10


def ours(api, number):
    begin = time.monotonic()
    api.create(NETWORKS, cloud.network(f"n{number}", number))
    return api.until(NETWORKS, [f"n{number}"], ready) - begin


def bare(floor, number):
    name, cidr = f"floor-n{number}", f"10.91.{number}.0/24"
    begin = time.monotonic()
    floor.nbctl("--wait=hv", "ls-add", name, "--", "lsp-add", name, f"{name}-wire", "", str(900 + number), "--",
                "lsp-set-type", f"{name}-wire", "localnet", "--", "lsp-set-addresses", f"{name}-wire", "unknown", "--",
                "lsp-set-options", f"{name}-wire", "network_name=physnet1", "--", "lrp-add", "floor-router",
                f"{name}-gw", f"0a:00:00:00:01:{number:02x}", f"10.91.{number}.1/24", "--", "lsp-add", name,
                f"{name}-router", "--", "lsp-set-type", f"{name}-router", "router", "--", "lsp-set-addresses",
                f"{name}-router", "router", "--", "lsp-set-options", f"{name}-router", f"router-port={name}-gw", "--",
                "create", "DHCP_Options", f"cidr={cidr}", "external_ids:floor=true")
    return time.monotonic() - begin


def forget(floor):
    for number in range(1, ROUNDS + 1):
        floor.nbctl("--if-exists", "ls-del", f"floor-n{number}")
    floor.nbctl("--if-exists", "lr-del", "floor-router")
    rows = subprocess.run(
        ["ovn-nbctl", f"--db={floor.northbound}", "--bare", "--columns=_uuid", "find", "DHCP_Options",
         "external_ids:floor=true"], check=True, capture_output=True, text=True).stdout.split()
    for row in rows:
        floor.nbctl("destroy", "DHCP_Options", row)


def main():
    api, floor = Api(), Floor()
    forget(floor)
    cloud.prepare(api)
    try:
        mine = [ours(api, n) for n in range(1, ROUNDS + 1)]
        floor.nbctl("lr-add", "floor-router")
        least = [bare(floor, n) for n in range(1, ROUNDS + 1)]
        report("network (median of 10)", statistics.median(mine), statistics.median(least), "<= 3")
    finally:
        forget(floor)
        cloud.clean(api)


main()
