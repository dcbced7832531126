"""The lab's own command line, for what happens to hosts."""

import os
import subprocess

TOOL = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lab")


def lab(*arguments):
    return subprocess.run([TOOL, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def start_lab(*arguments):
    return subprocess.Popen([TOOL, *arguments], stdout=subprocess.DEVNULL)
