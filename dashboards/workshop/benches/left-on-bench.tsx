import type { Left } from '../../door/lab/cut-off.ts';
import { CutOffSaid } from '../../page/lab/cut-off-said.tsx';
import { CUT_OFF } from '../../page/words/lab/cut-off.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { useWords } from '../words/words.ts';

/** The last runs on a bench that left it without a word: it is not simply free, somebody must look. */
export function LeftOnBench({ left }: { readonly left: readonly Left[] }) {
  const { language } = useWords();
  const { runs } = useLab();
  const say = CUT_OFF[language];
  return (
    <>
      {left.map(({ run, subject, cutOff, needsLook }) => (
        <div key={`${run} ${subject}`} class="said is-bad" role="alert">
          <p>
            <span aria-hidden="true">✕</span>{' '}
            {runs?.some(({ id }) => id === run) === true ? (
              <a href={to('runs', run)}>{say.leftBy(run, subject ?? '')}</a>
            ) : (
              say.leftBy(run, subject ?? '')
            )}
          </p>
          <CutOffSaid cutOff={cutOff} isShort />
          {needsLook && <p>{say.needsLook}</p>}
        </div>
      ))}
    </>
  );
}
