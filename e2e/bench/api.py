"""Just enough of a Kubernetes client: requests, waiting by watch, and the API server's counters."""

import http.client
import json
import os
import re
import ssl
import time
import urllib.parse

KUMIKO = "/apis/kumiko.dev/v1alpha1"
WRITES = ("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION")


class Api:
    def __init__(self):
        with open(os.environ["KUBECONFIG"], encoding="utf-8") as file:
            config = json.load(file)
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.server = urllib.parse.urlparse(cluster["server"])
        self.context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self.context.load_cert_chain(user["client-certificate"], user["client-key"])
        self.connection = self.connect()

    def connect(self):
        return http.client.HTTPSConnection(self.server.hostname, self.server.port, context=self.context, timeout=300)

    def request(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status >= 400 and not (method == "DELETE" and response.status == 404):
            raise RuntimeError(f"{method} {path}: {response.status} {text}")
        return json.loads(text) if text.startswith("{") else text

    def create(self, kind_path, body):
        return self.request("POST", kind_path, body)

    def patch(self, path, body):
        self.connection.request("PATCH", path, json.dumps(body), {"Content-Type": "application/merge-patch+json"})
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise RuntimeError(f"PATCH {path}: {response.status} {text}")
        return json.loads(text)

    def delete(self, path):
        return self.request("DELETE", path)

    def until(self, path, names, done, seconds=300):
        """Watches a list until `done(object)` holds for every name; returns the moment it did."""
        deadline = time.monotonic() + seconds
        missing = set(names)
        listing = self.request("GET", path)
        missing -= {o["metadata"]["name"] for o in listing["items"] if done(o)}
        version = listing["metadata"]["resourceVersion"]
        connection = self.connect()
        connection.request("GET", f"{path}?watch=1&resourceVersion={version}&timeoutSeconds={seconds}")
        response = connection.getresponse()
        while missing:
            line = response.readline()
            if not line or time.monotonic() > deadline:
                raise TimeoutError(f"{path}: still waiting for {sorted(missing)}")
            event = json.loads(line)
            if event["type"] in ("ADDED", "MODIFIED") and done(event["object"]):
                missing.discard(event["object"]["metadata"]["name"])
        return time.monotonic()

    def until_gone(self, path, names, seconds=300):
        deadline = time.monotonic() + seconds
        while {o["metadata"]["name"] for o in self.request("GET", path)["items"]} & set(names):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path}: still there")
            time.sleep(0.2)

    def writes(self):
        """Successful writes so far, by (resource, subresource); events and leases apart."""
        counts = {}
        for line in self.request("GET", "/metrics").splitlines():
            if not line.startswith("apiserver_request_total{"):
                continue
            labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
            if labels["verb"] in WRITES and labels["code"].startswith("2") and labels.get("dry_run", "") == "":
                key = (labels["resource"], labels["subresource"])
                counts[key] = counts.get(key, 0) + float(line.rsplit(" ", 1)[1])
        return {k: v for k, v in counts.items() if k[0] not in ("events", "leases") and k[1] != "token"}


def ready(resource):
    return any(c["type"] == "Ready" and c["status"] == "True" for c in resource.get("status", {}).get("conditions", []))


def running(machine):
    return machine.get("status", {}).get("phase") == "Running"


def report(name, ours, floor, goal, unit="s"):
    print(f"{name:28} ours {ours:8.3f} {unit}   floor {floor:8.3f} {unit}   ratio {ours / floor:6.2f}   goal {goal}")
