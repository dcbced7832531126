"""Import throughput of one image against a bare qemu-img convert of the same file into the same pool."""

import os
import statistics
import subprocess
import time

from bench import cloud
from bench.api import Api, ready, report

IMAGES = f"{cloud.SPACE}/images"
FILE = f"{os.environ['KUMIKO_LAB']}/images/bench.raw"
MEBIBYTES = 512
ROUNDS = 3


def make_file():
    """Half noise, half holes: what a real disk looks like."""
    os.makedirs(os.path.dirname(FILE), exist_ok=True)
    with open(FILE, "wb") as file:
        for number in range(MEBIBYTES):
            file.write(os.urandom(1 << 20) if number % 2 == 0 else bytes(1 << 20))


def ours(api, number):
    image = cloud.image(f"big{number}", FILE)
    begin = time.monotonic()
    api.create(IMAGES, image)
    seconds = api.until(IMAGES, [f"big{number}"], ready) - begin
    api.delete(f"{IMAGES}/big{number}")
    api.until_gone(IMAGES, [f"big{number}"])
    return seconds


def bare():
    begin = time.monotonic()
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "raw", FILE,
                    f"rbd:vms/floor-image:id=admin:conf={os.environ['CEPH_CONF']}"], check=True)
    seconds = time.monotonic() - begin
    subprocess.run(["rbd", "rm", "--no-progress", "vms/floor-image"], check=True)
    return seconds


def main():
    api = Api()
    make_file()
    cloud.prepare(api)
    try:
        mine = [ours(api, n) for n in range(ROUNDS)]
        least = [bare() for _ in range(ROUNDS)]
        report(f"image of {MEBIBYTES} MiB (median of {ROUNDS})", statistics.median(mine), statistics.median(least), "<= 1.1")
    finally:
        cloud.clean(api)
        os.remove(FILE)


if __name__ == "__main__":
    main()
