import type { DeviceView, LiveSnapshot, RoleValue } from '../../control/view.ts';
import { roleText, timeText } from '../format.ts';
import { LiveValue } from './chart.tsx';

/** Closed is not an alarm: before and after a run every line is closed on purpose. */
const DEVICE_TONE = { ready: 'is-good', connecting: 'is-warn', lost: 'is-bad', closed: 'is-quiet' } as const;

/** The instruments: are they there, and how well do they answer. */
export function Devices({ devices }: { readonly devices: readonly DeviceView[] }) {
  return (
    <section class="panel" aria-label="Devices">
      <h2>Devices</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">device</th>
            <th scope="col">state</th>
            <th scope="col">frames</th>
            <th scope="col">bad</th>
            <th scope="col">missed</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(device => (
            <tr key={device.id} title={device.driver}>
              <th scope="row">{device.id}</th>
              <td class={DEVICE_TONE[device.state]} title={device.reason}>
                {device.state}
              </td>
              <td>{device.frames}</td>
              <td class={device.badFrames > 0 ? 'is-warn' : ''}>{device.badFrames}</td>
              <td class={device.missedTicks > 0 ? 'is-warn' : ''}>{device.missedTicks}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {devices
        .filter(device => DEVICE_TONE[device.state] === 'is-bad' && device.reason !== '')
        .map(device => (
          <p class="is-bad" key={device.id}>
            {device.id}: {device.reason}
          </p>
        ))}
    </section>
  );
}

/** What happened, newest first. */
export function Events({ events }: { readonly events: LiveSnapshot['events'] }) {
  return (
    <section class="panel events" aria-label="Events">
      <h2>Events</h2>
      <ol>
        {events.map((event, i) => (
          <li key={`${event.t_s}-${events.length - i}`}>
            <time>
              {event.t_s < 0 ? '−' : ''}
              {timeText(Math.abs(event.t_s))}
            </time>{' '}
            <b>{event.kind}</b> {event.text}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Every role with its channel and quality, for looking things up. */
export function Values({ roles }: { readonly roles: readonly RoleValue[] }) {
  return (
    <details class="panel values">
      <summary>All values ({roles.length})</summary>
      <div class="grid">
        {roles.map(value => (
          <div key={value.role} class="cell" title={`${value.role} from ${value.channel}, ${value.quality}`}>
            <span class="name">{roleText(value.role, value.unit)}</span>
            <span>
              <LiveValue value={value} />
            </span>
          </div>
        ))}
      </div>
    </details>
  );
}
