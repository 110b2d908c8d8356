"""Put the versions that earlier releases carry into the output folder: ``earlier.py REPOSITORY NEWEST [BUT]``.

REPOSITORY is ``owner/name``; the NEWEST releases that carry the zip of a version are asked for it with GitHub's command
line (``gh``, GH_TOKEN); BUT is the tag of a release to leave out: the one that is being made. Exit code: that of the
command that failed, else 0. Nothing is left out silently: a zip that cannot be had or is damaged ends the job.
"""

import json
import subprocess
import sys
from pathlib import Path


def carried(releases, newest, but=""):
    """``(tag, zip)`` of the releases that carry a version, newest first, in the form of GitHub's API."""
    found = []
    for release in releases:
        zips = [
            a["name"] for a in release["assets"] if a["name"].startswith("reportgen-") and a["name"].endswith(".zip")
        ]
        if not release["draft"] and release["tag_name"] != but:
            found += [(release["tag_name"], name) for name in zips[:1]]
    return found[:newest]


def main(repository, newest, but=""):
    address = f"repos/{repository}/releases?per_page=100"
    answer = subprocess.run(["gh", "api", address], check=True, stdout=subprocess.PIPE).stdout
    archives = []
    for number, (tag, name) in enumerate(carried(json.loads(answer), int(newest), but)):
        folder = Path("earlier") / str(number)
        patterns = ["--pattern", name, "--pattern", "SHA256SUMS"]
        command = ["gh", "release", "download", tag, "--repo", repository, "--dir", str(folder), "--clobber", *patterns]
        subprocess.run(command, check=True)
        archives.append(str(folder / name))
    if archives:
        subprocess.run([sys.executable, "-m", "reportgen", "restore", *archives], check=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
