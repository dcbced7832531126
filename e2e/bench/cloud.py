"""What the benchmarks declare: a tenant of their own with a network, an image and machines."""

import hashlib
import os

from bench.api import KUMIKO, ready

TENANT = "bench"
SPACE = f"{KUMIKO}/namespaces/{TENANT}"
IMAGE_FILE = f"{os.environ['KUMIKO_LAB']}/guest/tiny.img"


def resource(kind, name, spec):
    return {"apiVersion": "kumiko.dev/v1alpha1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else digest(file)


def digest(file):
    total = hashlib.sha256()
    for block in iter(lambda: file.read(1 << 20), b""):
        total.update(block)
    return total.hexdigest()


def network(name, number):
    return resource("Network", name, {"subnets": [{"cidr": f"10.90.{number}.0/24"}]})


def image(name, path):
    source = {"url": f"file://{path}", "checksum": f"sha256:{sha256(path)}"}
    return resource("Image", name, {"pool": "vms", "source": source})


def machine(name):
    return resource(
        "VirtualMachine",
        name,
        {
            "instanceType": "tiny",
            "disks": [{"name": "root", "template": {"pool": "vms", "image": "tiny"}}],
            "interfaces": [{"name": "eth0", "network": "front"}],
            "cloudInit": {"userData": "#cloud-config\n"},
        },
    )


def empty_machine(name, **more):
    """Without an operating system, as small as can be."""
    disks = [{"name": "root", "template": {"pool": "vms", "size": "4Mi"}}]
    return resource("VirtualMachine", name, {"vcpus": 1, "memory": "16Mi", "disks": disks, **more})


def prepare(api):
    """A tenant with a network and an image, all Ready."""
    api.create(f"{KUMIKO}/tenants", resource("Tenant", TENANT, {"fabric": "main"}))
    api.until(f"{KUMIKO}/tenants", [TENANT], ready)
    api.create(f"{SPACE}/networks", network("front", 0))
    api.create(f"{SPACE}/images", image("tiny", IMAGE_FILE))
    api.until(f"{SPACE}/networks", ["front"], ready)
    api.until(f"{SPACE}/images", ["tiny"], ready)


def clean(api):
    for plural in ("migrations", "virtualmachines", "volumes", "images", "networks"):
        names = [o["metadata"]["name"] for o in api.request("GET", f"{SPACE}/{plural}")["items"]]
        for name in names:
            api.delete(f"{SPACE}/{plural}/{name}")
        api.until_gone(f"{SPACE}/{plural}", names)
    api.delete(f"{KUMIKO}/tenants/{TENANT}")
    api.until_gone(f"{KUMIKO}/tenants", [TENANT])
