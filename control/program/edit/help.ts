export const EDIT_HELP = `cellbench edit: the rest of the method of a run that is held

  cellbench edit RUN METHOD --by NAME --reason WHY

  RUN is the folder of a run under way whose page is up (not --no-serve), on this machine, held by a person (hold; one
  that is on its way to it is waited for). METHOD is the whole method file as it is to be; it may be the same file,
  edited, or another one.

  It is read as before a start: the same bench and subject, the parameters that the run was given, every check. What has
  been gone through must stand as it did, else the first line that differs is named. Of the step that is under way, and
  of the blocks around it, the ends (for_, within_, until, exits), the limits and the number of rounds may change; lists
  side by side stay as they are until they are over. What differs is shown in plain words, with the times before and
  after; then the whole edited method is rehearsed on the twin, from its beginning, and what of it lies behind the place
  where the run is held is told for itself: how long it takes, and which limits come closest in it. Then you are asked;
  no answer (no terminal, Ctrl-C) is a no.

  --yes            does not ask; refused where the rehearsal does not complete
  --no-rehearse    leaves the rehearsal out
  --json           what differs, the rehearsal and what became of it, for programs; does not ask, as --yes

  The run looks again at everything in the moment in which it takes the edit: it must still be held, and nobody else may
  have edited it since. Who, why, what and both files' SHA-256 stand in its sealed record, with the text of the new
  method; cellbench audit RUN shows it. The run stays held: resume goes on. After a kill cellbench resume goes on with the
  edited method.

Exit codes: 0 taken, 1 not taken (you said no), 2 bad input, or refused with the reason.`;
