"""Guests between hosts by bare libvirt calls, as the operators make them, while their machines are paused."""

import contextlib
import os
import time

import libvirt

from bench import cloud
from bench.api import ready

MACHINES = f"{cloud.SPACE}/virtualmachines"
# Those of a Migration with its defaults.
FLAGS = (libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER | libvirt.VIR_MIGRATE_PERSIST_DEST
         | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE | libvirt.VIR_MIGRATE_ABORT_ON_ERROR
         | libvirt.VIR_MIGRATE_AUTO_CONVERGE | libvirt.VIR_MIGRATE_TLS)


def hosts():
    """The URIs of libvirtd by host, as its peers reach it."""
    return dict(entry.split("=", 1) for entry in os.environ["KUMIKO_HOSTS"].split())


def connect(host):
    return libvirt.open(f"{hosts()[host]}?pkipath={os.environ['KUMIKO_PKI']}")


def bare(uid, source, target):
    """Seconds from the call to its end, on a connection of its own."""
    begin = time.monotonic()
    connection = connect(source)
    try:
        connection.lookupByUUIDString(uid).migrateToURI3(hosts()[target], {}, FLAGS)
    finally:
        connection.close()
    return time.monotonic() - begin


def downtime(uid, host):
    """Milliseconds for which a guest stood still when it came to this host."""
    connection = connect(host)
    try:
        kept = libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED | libvirt.VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED
        return connection.lookupByUUIDString(uid).jobStats(kept)["downtime"]
    finally:
        connection.close()


@contextlib.contextmanager
def paused(api, names):
    """The operators do not look at these machines; in the end each has to be where it was."""
    annotate(api, names, "Paused")
    time.sleep(1)
    try:
        yield
    finally:
        annotate(api, names, None)
        api.until(MACHINES, names, ready)


def annotate(api, names, value):
    for name in names:
        api.patch(f"{MACHINES}/{name}", {"metadata": {"annotations": {"kumiko.dev/reconcile": value}}})


def anchors(api):
    """A machine on every host, so that each has the keys of the disks at all times."""
    names = [f"anchor-{host}" for host in hosts()]
    for name, host in zip(names, hosts()):
        selector = {"kubernetes.io/hostname": host}
        api.create(MACHINES, cloud.empty_machine(name, placement={"hostSelector": selector}))
    api.until(MACHINES, names, ready)


def place(machine):
    return machine["status"]["placement"]["host"]
