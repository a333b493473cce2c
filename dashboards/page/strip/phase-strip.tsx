import type { LiveSnapshot } from '../../../control/view.ts';
import { words } from '../words/language.ts';
import { stripOf } from './strip-facts.ts';

/** The phases of the run side by side, as long as they take: done, under way, to come. */
export function PhaseStrip({ snapshot }: { readonly snapshot: LiveSnapshot }) {
  const { phases, place, left } = stripOf(snapshot);
  if (phases.length === 0) return null;
  return (
    <section class="strip" aria-label={words().strip.title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys move along it where it is longer than the page (axe: scrollable-region-focusable) */}
      <ol tabIndex={0}>
        {phases.map(({ name, state, weight, part, said }) => (
          <li
            key={name}
            class={`is-${state.replace(' ', '-')}`}
            style={{ flexGrow: weight }}
            title={`${name}: ${words().strip.states[state]}${said === '' ? '' : `, ${said}`}`}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            {state === 'now' && <i style={{ width: `${100 * part}%` }} />}
            <span>{name}</span>
            <b class="unseen">
              {words().strip.states[state]} {said}
            </b>
          </li>
        ))}
      </ol>
      <p>
        <span>{place}</span> <span>{snapshot.run.step}</span> <span>{left}</span>
      </p>
    </section>
  );
}
