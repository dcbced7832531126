"""Bare OVSDB (RFC 7047): transactions on the northbound database, done when every host has applied them."""

import json
import socket

DATABASE = "OVN_Northbound"


class Northbound:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(path)
        self.decoder = json.JSONDecoder()
        self.text = ""
        self.calls = 0
        self.applied = -1
        first = self.call("monitor", [DATABASE, "", {"NB_Global": [{"columns": ["hv_cfg"]}]}])
        self.notice(first)

    def transact(self, *operations):
        """Returns when every host has applied the operations."""
        count = {"op": "mutate", "table": "NB_Global", "where": [], "mutations": [["nb_cfg", "+=", 1]]}
        read = {"op": "select", "table": "NB_Global", "where": [], "columns": ["nb_cfg"]}
        results = self.call("transact", [DATABASE, *operations, count, read])
        failed = [result for result in results if result and "error" in result]
        if failed:
            raise RuntimeError(failed)
        wanted = results[-1]["rows"][0]["nb_cfg"]
        while self.applied < wanted:
            self.answer(self.receive())

    def call(self, method, parameters):
        self.calls += 1
        self.send({"method": method, "params": parameters, "id": self.calls})
        while True:
            message = self.receive()
            if message.get("id") == self.calls and "result" in message:
                if message["error"]:
                    raise RuntimeError(message["error"])
                return message["result"]
            self.answer(message)

    def answer(self, message):
        if message.get("method") == "echo":
            self.send({"id": message["id"], "result": message["params"], "error": None})
        elif message.get("method") == "update":
            self.notice(message["params"][1])

    def notice(self, tables):
        for row in tables.get("NB_Global", {}).values():
            self.applied = row["new"]["hv_cfg"]

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode())

    def receive(self):
        while True:
            try:
                message, end = self.decoder.raw_decode(self.text)
                self.text = self.text[end:].lstrip()
                return message
            except ValueError:
                data = self.socket.recv(1 << 16)
                if not data:
                    raise ConnectionError("the northbound database closed the connection") from None
                self.text += data.decode()


def insert(table, reference, **row):
    """A row that later operations of the transaction refer to with `ref(reference)`."""
    return {"op": "insert", "table": table, "uuid-name": reference, "row": row}


def ref(*names):
    return ["set", [["named-uuid", name] for name in names]]


def text_map(pairs):
    return ["map", [list(pair) for pair in pairs.items()]]


def add(table, column, where, *names):
    """Refers to new rows from the row of that name."""
    return {"op": "mutate", "table": table, "where": [["name", "==", where]], "mutations": [[column, "insert", ref(*names)]]}


def delete(table, *condition):
    return {"op": "delete", "table": table, "where": [list(condition)]}


def wire(reference, switch, vlan):
    """A port that joins a logical switch with a VLAN of the physical network."""
    return insert("Logical_Switch_Port", reference, name=f"{switch}-wire", type="localnet", addresses="unknown", tag=vlan,
                  options=text_map({"network_name": "physnet1"}))
