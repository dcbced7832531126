"""Copies of one running guest, made with bare librbd, OVSDB and libvirt calls."""

import concurrent.futures
import os
import time
import uuid
import xml.etree.ElementTree as ET

import libvirt
import rados
import rbd

from bench.ovsdb import Northbound, add, delete, insert, ref, text_map, wire

PREFIX = "floor-"
SWITCH = "floor"
VLAN = 999


class Floor:
    def __init__(self):
        pki = os.environ["KUMIKO_PKI"]
        self.hosts = {}
        for entry in os.environ["KUMIKO_HOSTS"].split():
            name, uri = entry.split("=", 1)
            self.hosts[name] = libvirt.open(f"{uri}?pkipath={pki}")
        self.cluster = rados.Rados(
            conffile=os.environ["CEPH_CONF"],
            # As the operators: with more, librbd may go on in an image that was closed and freed.
            conf={"librados_thread_count": "1", "rbd_op_threads": "1"},
        )
        self.cluster.connect()
        self.pool = self.cluster.open_ioctx("vms")
        self.northbound = Northbound(f"{os.environ['KUMIKO_LAB']}/fabric/central/nb.sock")

    def template(self, name):
        """The definition of the guest whose name begins or ends like this, as the operators wrote it."""
        for connection in self.hosts.values():
            for domain in connection.listAllDomains():
                if name in domain.name():
                    return ET.fromstring(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
        raise LookupError(f"no domain like {name}")

    def make(self, template, count):
        """Seconds from nothing to `count` running guests, wired on every host."""
        self.northbound.transact(wire("wire", SWITCH, VLAN),
                                 insert("Logical_Switch", "floor", name=SWITCH, ports=ref("wire")))
        names = [f"{PREFIX}{i}" for i in range(count)]
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            wired = pool.submit(self.wire, names)
            hosts = list(self.hosts)
            started = [pool.submit(self.start, template, n, hosts[i % len(hosts)]) for i, n in enumerate(names)]
            for task in [wired, *started]:
                task.result()
        return time.monotonic() - begin

    def wire(self, names):
        hosts = list(self.hosts)
        operations = []
        for index, name in enumerate(names):
            address = f"{mac(name)} 10.99.0.{index + 2}"
            operations.append(insert("Logical_Switch_Port", f"p{index}", name=uid(name), addresses=address,
                                     port_security=address,
                                     options=text_map({"requested-chassis": hosts[index % len(hosts)]})))
        rows = [f"p{index}" for index in range(len(names))]
        self.northbound.transact(*operations, add("Logical_Switch", "ports", SWITCH, *rows))

    def start(self, template, name, host):
        definition = self.copy(template, name)
        domain = self.hosts[host].defineXML(ET.tostring(definition, encoding="unicode"))
        domain.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
        domain.resume()

    def copy(self, template, name):
        definition = ET.fromstring(ET.tostring(template))
        definition.find("name").text = name
        definition.find("uuid").text = uid(name)
        for metadata in definition.findall("metadata"):
            definition.remove(metadata)
        for number, source in enumerate(definition.findall("devices/disk/source")):
            image = f"{name}-{number}"
            self.copy_image(source.get("name").split("/", 1)[1], image)
            source.set("name", f"vms/{image}")
        for interface in definition.findall("devices/interface"):
            interface.find("mac").set("address", mac(name))
            interface.find("virtualport/parameters").set("interfaceid", uid(name))
        for log in [*definition.findall("devices/*/log"), *definition.findall("devices/*/source[@path]")]:
            if log.get("file" if log.tag == "log" else "path", "").endswith(".log"):
                log.set("file" if log.tag == "log" else "path", f"/var/log/libvirt/{name}.log")
        return definition

    def copy_image(self, source, target):
        """A clone stays a clone; anything else, such as a seed, is written anew."""
        with rbd.Image(self.pool, source, read_only=True) as image:
            metadata = list(image.metadata_list())
            try:
                _, parent, snapshot = image.parent_info()
                content = b""
            except rbd.ImageNotFound:
                parent, snapshot, content = "", "", image.read(0, image.size())
            size = image.size()
        if parent:
            rbd.RBD().clone(self.pool, parent, snapshot, self.pool, target, features=61)
        else:
            rbd.RBD().create(self.pool, target, size, old_format=False, features=61)
        with rbd.Image(self.pool, target) as image:
            if content:
                image.write(content, 0)
            for key, _ in metadata:
                image.metadata_set(f"floor.{key}", "x")

    def clean(self):
        for connection in self.hosts.values():
            for domain in connection.listAllDomains():
                if domain.name().startswith(PREFIX):
                    if domain.isActive():
                        domain.destroy()
                    domain.undefine()
        for image in rbd.RBD().list(self.pool):
            if image.startswith(PREFIX):
                rbd.RBD().remove(self.pool, image)
        self.northbound.transact(delete("Logical_Switch", "name", "==", SWITCH))


def uid(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def mac(name):
    return "0a:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}".format(*uuid.uuid5(uuid.NAMESPACE_DNS, name).bytes[:5])
