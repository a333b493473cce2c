/** What `--help` of the alarms prints. */

export const ALARMS_HELP = `cellbench alarms [RUN]: the alarms of a run, and what people say to them
  npx cellbench alarms runs/2026-05-01T20-00-00-bench
  npx cellbench alarms acknowledge --by "A. Miller"
  npx cellbench alarms shelve h2-low --for 30min --by "A. Miller" --reason "span gas on the analyser"

RUN                  the folder of a run, over or under way     (the newest in runs)
acknowledge [ALARM]  a person has seen it; without a name: all of them
shelve ALARM         puts a warning aside: nobody is told of it for so long; then it comes back by itself
unshelve ALARM       brings it back now

  --for TIME         30min, 90s, 2h: at most what the bench says (alarms.shelve_h, 8 h)
  --by NAME          who says so; stands in the record
  --reason TEXT      why it is shelved
  --run RUN          the folder of the run under way that is meant   (the only one in runs)
  --help             this text

The list is read from the record: each time that an alarm rose, its priority, state, peak in words, who has seen it. The other
words go through the page of the run, like its buttons; a run without a page (--no-serve) takes them nowhere.
Shelving takes nothing from what an interlock does: only a warning can be shelved, what holds, stops or trips is always shown.
Exit codes: 0 done, 2 refused or bad input.`;
