import type { SinkStatus } from '../../control/view.ts';
import { words } from './words/language.ts';

const TONE = { sending: 'is-good', done: 'is-good', waiting: 'is-warn', stopped: 'is-bad' } as const;

/** The stores that get a copy of the record: how far behind each is, and what it refused. Without any: nothing. */
export function Sinks({ sinks }: { readonly sinks: readonly SinkStatus[] }) {
  if (sinks.length === 0) return null;
  const say = words().devices;
  return (
    <section class="panel" aria-label={say.sinks}>
      <h2>{say.sinks}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say.sink}</th>
            <th scope="col">{say.state}</th>
            <th scope="col">{say.sent}</th>
            <th scope="col">{say.behind}</th>
            <th scope="col">{say.refused}</th>
          </tr>
        </thead>
        <tbody>
          {sinks.map(sink => (
            <tr key={sink.name}>
              <th scope="row">{sink.name}</th>
              <td class={TONE[sink.state]}>{say.sinkStates[sink.state]}</td>
              <td>{sink.sent}</td>
              <td title={`${Math.round(sink.lag_s)} s`}>{sink.lag_rows}</td>
              <td class={sink.dead > 0 ? 'is-bad' : ''}>{sink.dead}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sinks
        .filter(sink => sink.reason !== '')
        .map(sink => (
          <p class={TONE[sink.state]} key={sink.name}>
            {sink.name}: {sink.reason}
          </p>
        ))}
    </section>
  );
}
