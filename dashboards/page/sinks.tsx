import type { SinkStatus } from '../../control/view.ts';

const TONE = { sending: 'is-good', done: 'is-good', waiting: 'is-warn', stopped: 'is-bad' } as const;

/** The stores that get a copy of the record: how far behind each is, and what it refused. Without any: nothing. */
export function Sinks({ sinks }: { readonly sinks: readonly SinkStatus[] }) {
  if (sinks.length === 0) return null;
  return (
    <section class="panel" aria-label="Sinks">
      <h2>Sinks</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">sink</th>
            <th scope="col">state</th>
            <th scope="col">sent</th>
            <th scope="col">behind</th>
            <th scope="col">refused</th>
          </tr>
        </thead>
        <tbody>
          {sinks.map(sink => (
            <tr key={sink.name}>
              <th scope="row">{sink.name}</th>
              <td class={TONE[sink.state]}>{sink.state}</td>
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
