import type { CutOff } from '../../door/lab/cut-off.ts';
import { mustLook } from '../../door/lab/must-look.ts';
import { CutOffSaid } from '../../page/lab/cut-off-said.tsx';

/** How a run that ended without a word left its bench: an alarm where somebody must look. */
export function CutOffBox({ cutOff }: { readonly cutOff: CutOff }) {
  const isBad = mustLook(cutOff);
  return (
    <div class={isBad ? 'said is-bad' : 'said'} role={isBad ? 'alert' : 'status'}>
      <CutOffSaid cutOff={cutOff} />
    </div>
  );
}
