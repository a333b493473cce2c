/** What `--help` of `serve` prints. */

export const SERVE_HELP = `cellbench serve LAB: the door of a laboratory, in the browser and by an API
  npx cellbench serve .
  npx cellbench serve /srv/lab --add-admin "A. Miller"
  npx cellbench serve /srv/lab --host 0.0.0.0 --tls-cert lab.pem --tls-key lab.key

LAB                  folder with bench files, methods, campaign files and runs/

  --port N           port; the next free one if it is taken, 0: whichever is free   (8090)
  --host ADDRESS     other than this machine's own needs TLS and accounts           (127.0.0.1)
  --tls-cert FILE    certificate with those between it and its root, PEM
  --tls-key FILE     its private key, PEM, without a password
  --opcua PORT       shows each bench over OPC UA too, as a laboratory device by OPC 30500-1 (LADS); 0: whichever is free
  --opcua-mode MODE  which runs are shown and started there: real, wire or twin     (real)
  --add-admin NAME   adds an account with role admin, or gives it another password, asks for it, and ends
  --accounts         lists who has an account, and ends
  --help             this text

Without accounts whoever is on this machine may do everything, and stands as "local" in what is written down. With them, each
has a role: viewer looks, operator starts and steers, engineer also changes methods and limits and starts on real instruments,
admin keeps the accounts. One person at a time is in control; to stop, nobody needs to be. Runs and campaigns are processes of
their own: they go on when the door is closed. The password comes from the terminal, or from the first line of stdin.
One door for a folder; --add-admin may come beside an open one. Where accounts.json was lost nothing is opened.
Who did what stands in LAB/.cellbench/audit.jsonl, chained line by line. docs/door.md tells the rest; /api/v1/openapi.json is
the API.

Exit codes: 0 closed, or done, 2 refused or bad input.`;
