import { modeWord } from '../top-bar.tsx';
import { LabAndControl } from './at-door.tsx';
import { type AtDoor, behindDoor } from './behind-door.ts';

/** The head of the page while nothing has come of the run: its bench and whether it is real, as its laboratory lists it. */
export function HeadOfListed({ at }: { readonly at: AtDoor | undefined }) {
  const { listed = null } = at ?? {};
  const id = behindDoor(location.pathname)?.id ?? 'cellbench';
  return (
    <header class="panel">
      <h1 title={id}>
        {listed?.bench ?? id}{' '}
        {listed !== null && <span class={`badge ${listed.mode}`}>{modeWord(listed.mode)}</span>}
      </h1>
      <LabAndControl at={at} />
    </header>
  );
}
