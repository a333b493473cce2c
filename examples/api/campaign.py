#!/usr/bin/env python3
"""Starts a campaign over the API of `cellbench serve` and watches it: campaign.py FILE [MODE]

CELLBENCH_URL is the address of the door, CELLBENCH_TOKEN a token of an operator (none where the lab has no accounts).
Ctrl-C stops what was started. Needs nothing but Python 3.8.
"""
import json, os, sys, time
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

URL = os.environ.get("CELLBENCH_URL", "http://127.0.0.1:8090") + "/api/v1"
TOKEN = os.environ.get("CELLBENCH_TOKEN")


def ask(method, path, body=None):
    headers = {"content-type": "application/json"}
    if TOKEN:
        headers["authorization"] = "Bearer " + TOKEN
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(URL + path, data, headers, method=method), timeout=60) as reply:
            return json.load(reply)
    except HTTPError as no:
        sys.exit(f"{method} {path}: {no.code} {json.load(no)['error']}")


def main(file, mode="twin"):
    ask("POST", "/control", {"reason": "campaign.py"})
    path = "/campaigns/" + quote(ask("POST", "/campaigns", {"file": file, "mode": mode})["id"], safe="")
    said = None
    try:
        while (campaign := ask("GET", path))["is"] in ("starting", "under way"):
            runs = (campaign["course"] or {}).get("runs", [])
            now = ", ".join(f"{run['id']} {run['state']}" for run in runs) or campaign["is"]
            if now != said:
                print(said := now, flush=True)
            time.sleep(1)
    except KeyboardInterrupt:
        print(ask("POST", path + "/edits", {"change": {"do": "stop"}, "because": "Ctrl-C"})["text"])
    print(campaign["is"], campaign["reason"])


main(*sys.argv[1:])
