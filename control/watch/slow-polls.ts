/**
 * What is wrong where an instrument needs longer for its readings than the bench gives them; undefined where it does not. Its
 * readings come at the first multiple of `poll_s` after the poll before is through; with more than `stale_after_s` between
 * two of them the bench takes it for silent again and again.
 * @param took_s how long one poll took, s
 */
export function slowPollText(
  took_s: number,
  { poll_s, stale_after_s }: { readonly poll_s: number; readonly stale_after_s: number },
): string | undefined {
  if (!(took_s > 0) || took_s <= poll_s) return undefined;
  const between_s = Math.ceil(took_s / poll_s) * poll_s;
  if (between_s <= stale_after_s) return undefined;
  const [took, between] = [took_s, between_s].map(time_s => Number(time_s.toPrecision(2)));
  // So that a poll that is asked again once is not late yet.
  const enough = Number((2 * between_s).toPrecision(2));
  return (
    `one poll takes ${took} s, so with poll_s ${poll_s} a reading comes each ${between} s, and stale_after_s ` +
    `${stale_after_s} is shorter: every reading goes stale, interlocks trip for want of one. Set stale_after_s to ${enough} ` +
    'at least, or read fewer channels, a faster line'
  );
}
