/** What `--help` of the commands about instruments prints. */

export const DEVICES_HELP = `cellbench devices: the drivers there are
  npx cellbench devices --json
  npx cellbench devices bench.yaml ./my-supply.ts

Beside those of the program the drivers of the lab's own: in these files, or named by the bench file (drivers:). Each driver with what it is written from, what it was tried on, the options that a bench file must give, whether it has an
emulator (emulate, --wire), and the families of supplies that it speaks.

  --json   one JSON document with all of it
  --help   this text

JSON: { devices[{ driver, manual, triedOn, emulated, required[[option]], families?[{ family, supply, triedOn, watchdog }] }] };
required: one list for each way to wire it.

Exit codes: 0 listed, 2 bad input.`;

export const EMULATE_HELP = `cellbench emulate ID | FILE | BENCH: instruments that are not there, on real sockets and serial lines
  npx cellbench emulate keysight-n5700 --tcp 5025
  npx cellbench emulate bronkhorst/propar --pty /tmp/gas-bus --plant pem
  npx cellbench emulate examples/pem-500kw/bench.yaml --fault supply:silence

ID     a driver or a family of supplies (cellbench devices): one instrument, on a plant of its own
FILE   a driver of the lab's own, with its emulator beside it (my-supply.ts, my-supply.emulator.ts)
BENCH  a bench file: every device of it, on the plant of the bench

  --tcp PORT        where it listens on 127.0.0.1             (a free port)
  --pty PATH        a serial line of this name instead, not both
  --plant NAME      what it stands on                         (pem; ecm for a cycler)
  --set NAME=VALUE  an option of the device, as a bench file would say it (YAML); again for each
  --fault FAULT     silence, corrupt, freeze or delay_ms=N; of a device of a bench DEVICE:FAULT; again for each
  --subject NAME    which of the subjects of the bench file, where it has several
  --factor N        how many times faster than life the plant runs (1)
  --seed N          seed of the plant                         (1)
  --json            one line of JSON when all of it is up
  --help            this text

Prints what a bench file must say of each, and runs until Ctrl-C or SIGTERM. Only this machine can reach it.

JSON: { devices: { <name>: { driver, options, roles } }, startup_s }

Exit codes: 0 ended by a signal, 2 refused (no such emulator, port taken).`;

export const PROBE_HELP = `cellbench probe ADDRESS: who is there?
  npx cellbench probe 192.168.0.20:5025
  npx cellbench probe /dev/ttyUSB0 --baud 38400 --unit 1

ADDRESS  host:port, tcp://host:port, opc.tcp://host:port, or a serial port

Asks in every language that a driver speaks, one after the other, and ends with the first that answers: *IDN? and its like,
Modbus 43/14 and the registers of type plates, ProPar, OPC UA hello, JSON lines. An OPC UA server is browsed over an open channel
for LADS devices: each with its functions as lines of a bench file, for which accuracy and safe values are still to be said. Questions only: nothing is set, no control
is taken. Which driver fits is said with the options that are known by now; ratings stand on the type plate.

  --baud N     bit rate of a serial port                     (9600)
  --unit N,N   Modbus units that are asked                   (1,0)
  --within S   longest wait for an answer, s                 (0.5)
  --json       one line of JSON
  --help       this text

JSON: { address, asked[], found[{ speaks, asked, says, fits[{ driver, options }] }], notAsked[{ what, why }], trouble? }

Exit codes: 0 something answered, 1 nothing did, 2 bad input or nobody there.`;

export const WATCH_HELP = `cellbench watch ADDRESS --driver ID: what an instrument reads, live
  npx cellbench watch 192.168.0.20:5025 --driver generic/scpi --set family=keysight-n5700 --set model=N5741A
      --set voltageNominal_V=6 --set currentNominal_A=100

ADDRESS  host:port, opc.tcp://host:port, or a serial port

Nothing is written: no control is taken, no watchdog armed, no heartbeat counted, every set point refused.

  --driver ID       the driver (cellbench devices), or the file of one of the lab's own
  --set NAME=VALUE  an option of the driver, as a bench file would say it (YAML); again for each
  --every S         time between two polls, s                 (1)
  --polls N         ends after so many                        (goes on)
  --json            a line of JSON for each poll
  --help            this text

JSON: { t_s, channels: { <name>: { value, unit, word?, quality } }, reason? }; value is null where there is none; word: the
name of the state that the value is.

Exit codes: 0 ended by a signal or after the polls, 1 some reading was not usable, 2 bad input, nobody there, another
instrument.`;

export const CHECK_HELP = `cellbench check BENCH [METHOD]: before the first run
  npx cellbench check bench.yaml --seconds 10

Connects every device to look only (as watch does): identity, ranges, noise and zero of each channel over some seconds,
watchdogs, and what each driver was tried on. Prints what a person must do before the first run. With METHOD, on a bench
whose cycler runs methods by itself (runs: program): what would be loaded, what is otherwise there or cannot be said there,
and the limits of method, program, cell and channel beside each other.

  --seconds S       how long it looks, s                      (5)
  --subject NAME    which of the subjects of the bench file, where it has several
  --wire            on emulated instruments
  --json            one line of JSON with all of it
  --help            this text

JSON: { bench, devices[{ device, driver, endpoint, identity, reason?, channels[{ name, unit, n, bad, mean, noise, zero? }],
watchdog }], program?: { device, format, bytes, steps, differences[], limits[{ limit, unit, method, program, cell, channel }] },
findings[{ level, device?, text }], start[{ check, what, expected, seen, outcome, reason }],
toDo[], guard: [{ device, endpoint, isSerial }] or { none }, matrix? }

Exit codes: 0 nothing to look at, 1 something to look at, 2 bad input, or a row of the list before a start has failed.`;
