"""declared -> programmed on all hosts: one network, ten times."""

import statistics
import time

from bench import cloud
from bench.api import Api, ready, report
from bench.floor import Floor
from bench.ovsdb import add, delete, insert, ref, text_map, wire

NETWORKS = f"{cloud.SPACE}/networks"
ROUNDS = 10
ROUTER = "floor-router"


def ours(api, number):
    begin = time.monotonic()
    api.create(NETWORKS, cloud.network(f"n{number}", number))
    return api.until(NETWORKS, [f"n{number}"], ready) - begin


def bare(northbound, number):
    name = f"floor-n{number}"
    begin = time.monotonic()
    northbound.transact(
        insert("Logical_Router_Port", "gateway", name=f"{name}-gw", mac=f"0a:00:00:00:01:{number:02x}",
               networks=f"10.91.{number}.1/24"),
        add("Logical_Router", "ports", ROUTER, "gateway"),
        insert("Logical_Switch_Port", "inside", name=f"{name}-router", type="router", addresses="router",
               options=text_map({"router-port": f"{name}-gw"})),
        wire("wire", name, 900 + number),
        insert("Logical_Switch", "floor", name=name, ports=ref("inside", "wire")),
        insert("DHCP_Options", "dhcp", cidr=f"10.91.{number}.0/24", external_ids=text_map({"floor": "true"})))
    return time.monotonic() - begin


def forget(northbound):
    northbound.transact(
        *[delete("Logical_Switch", "name", "==", f"floor-n{number}") for number in range(1, ROUNDS + 1)],
        delete("Logical_Router", "name", "==", ROUTER),
        delete("DHCP_Options", "external_ids", "includes", text_map({"floor": "true"})))


def main():
    api, northbound = Api(), Floor().northbound
    forget(northbound)
    cloud.prepare(api)
    try:
        mine = [ours(api, n) for n in range(1, ROUNDS + 1)]
        northbound.transact(insert("Logical_Router", "router", name=ROUTER))
        least = [bare(northbound, n) for n in range(1, ROUNDS + 1)]
        report("network (median of 10)", statistics.median(mine), statistics.median(least), "<= 3")
    finally:
        forget(northbound)
        cloud.clean(api)


if __name__ == "__main__":
    main()
