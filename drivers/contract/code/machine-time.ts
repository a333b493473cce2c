/**
 * Seconds since this machine was started, the same in all of its processes, whatever is done to its calendar: what one
 * process asks of another is dated by it.
 */
export function machine_s(): number {
  const [s, ns] = process.hrtime();
  return s + ns / 1e9;
}
