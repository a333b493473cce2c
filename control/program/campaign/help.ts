/** What `cellbench campaign --help` prints. */

export const CAMPAIGN_HELP = `cellbench campaign check|rehearse|start|status|edit|notify|report FILE: many runs in order, by windows and results
  npx cellbench campaign rehearse examples/overnight/campaign.yaml
  npx cellbench campaign start FILE --real --operator "A. Volta"

check      reads the campaign, each method on its bench, every rule, and whether everybody in \`notify:\` can be reached
rehearse   the whole queue on the twins in virtual time: when each run begins and ends, what it waits for, which window it
           misses, what its results decide; energy, gas, disk; utilisation of each bench or channel
start      carries it out, each run a process of its own, the channels of one bench together; the same command goes on with it after a kill, a stop or a
           power cut: no run twice, nothing on a bench whose run goes on or that somebody has to look at first
status     what ran, what runs since when, what waits for what, who carries it out
edit       changes it while it is carried out, or while it is stopped: the same checks as at the start
             add RUNS.yaml [--before RUN]   more runs (\`runs:\` as in a campaign, paths relative to the campaign)
             remove RUN | move RUN [--before RUN] | replace RUN RUNS.yaml   what waits of it
               RUN: as in the file, or one time of it as in the queue (\`ageing-2\`; not of replace)
             hold [RUN] | resume [RUN]      nothing more of it, or at all, begins
             stop RUN | stop                its run ends in order, or all runs and then the campaign
             acknowledge [BENCH | "BENCH SUBJECT"]   somebody has looked at what is held (a trip, no proved safe state)
notify     sends the messages that wait in its folder; --test: a test message to each target of \`notify:\`
report     makes morning.html in its folder: what needs a person, what ran and what did not, figures against the baseline

start      --real             on the instruments; --wire: on emulated wires         (twins)
           --minutes N        length of each --wire run; --pace N: of twins, simulated s per s
           --operator NAME    stands in every record
           --rehearsed DIR    a rehearsal of it (--real): when each run is expected to end
           --acknowledge NAME who has looked at the benches that are held
           --port N           its page on 127.0.0.1:N, each run under way below it  (8080; the next free one if taken)
           --no-serve         no page of the campaign; the runs have theirs all the same
edit       --by NAME --because WHY   stand in the campaign's log
rehearse   --begin TIME       when it begins, with its zone: 2026-11-29T18:00Z      (now)
           --seed N           seed of the first run; each further has the next one  (1)
status     --audit            who did what, and whether the trail is still what was written (exit code 1: it is not)
rehearse, status --json       one JSON object with all of it on stdout; progress goes to stderr
--out DIR  folder of it: campaign.json and a folder for each run
           (rehearse: runs/<date>-campaign; start, status, edit, notify, report: runs/campaign-<name of the campaign>)
--help     this text

Exit codes: 0 every run completes, 1 something to look at, 2 bad input (nothing started), 3 stopped by a person: start goes
on with it, 5 cellbench itself failed (its runs go on; start takes them up).`;
