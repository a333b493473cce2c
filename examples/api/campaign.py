"""Starts a campaign over the API of `cellbench serve` and watches it: python3 campaign.py FILE [MODE]

CELLBENCH_URL: address of the door; CELLBENCH_TOKEN: an operator's token, none without accounts. Ctrl-C stops the campaign.
"""
import json, os, sys, time
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

URL = os.environ.get("CELLBENCH_URL", "http://127.0.0.1:8090") + "/api/v1"
HEADERS = {"content-type": "application/json"}
if "CELLBENCH_TOKEN" in os.environ:
    HEADERS["authorization"] = "Bearer " + os.environ["CELLBENCH_TOKEN"]


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(URL + path, data, HEADERS, method=method), timeout=60) as reply:
            return json.load(reply)
    except HTTPError as no:
        sys.exit(f"{method} {path}: {no.code} {json.load(no)['error']}")


def main(file, mode="twin"):
    ask("POST", "/control", {"reason": "campaign.py"})
    path = "/campaigns/" + quote(ask("POST", "/campaigns", {"file": file, "mode": mode})["id"], safe="")
    said = ""
    try:
        while (campaign := ask("GET", path))["is"] in ("starting", "under way"):
            runs = (campaign["course"] or {}).get("runs", [])
            if (now := ", ".join(f"{run['id']} {run['state']}" for run in runs)) != said:
                print(said := now, flush=True)
            time.sleep(0.5)
        print(campaign["is"], campaign["reason"])
    except KeyboardInterrupt:
        print(ask("POST", path + "/edits", {"change": {"do": "stop"}, "because": "Ctrl-C"})["text"])


main(*sys.argv[1:])
