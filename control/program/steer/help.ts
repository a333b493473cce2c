export const STEER_HELP = `cellbench skip|limit: an operator changes the course of a run under way, from another terminal

  cellbench skip RUN --by NAME --reason WHY             the step that runs now is over, the method goes on behind it; says which
  cellbench limit RUN ID VALUE --by NAME --reason WHY   another limit for an interlock of kind threshold, in this run

  RUN is the folder of a run whose page is up (not --no-serve), on this machine. The run decides, as it does on what is
  asked on its page or in its terminal; what is asked, by whom and why stands in its sealed record.

  skip    never set points, a question, what stands behind a gate, finally, reentry, or what says skippable: no; a wait
          for a condition only with skippable: yes (docs/language.md)
  limit   in the unit of the role, as strict as the bench file or more, never laxer; in force with the next reading and
          until the run is reset

Exit codes: 0 done, 2 bad input, or refused with the reason.`;
