"""The lab's hosts, as the benchmarks need them."""

import contextlib

from bench.api import KUMIKO

HOSTS = f"{KUMIKO}/hosts"


def mode(api, names, value):
    for name in names:
        api.patch(f"{HOSTS}/{name}", {"spec": {"mode": value}})


@contextlib.contextmanager
def roomy(api):
    """Their names; meanwhile each has room for all guests of a benchmark."""
    hosts = {h["metadata"]["name"]: h["spec"].get("capacity") for h in api.request("GET", HOSTS)["items"]}
    try:
        for name in hosts:
            api.patch(f"{HOSTS}/{name}", {"spec": {"capacity": {"vcpus": 100, "memory": "64Gi"}}})
        yield list(hosts)
    finally:
        for name, capacity in hosts.items():
            api.patch(f"{HOSTS}/{name}", {"spec": {"mode": "Active", "capacity": capacity}})
