import type { DeviceView, LiveSnapshot, RoleValue } from '../../control/view.ts';
import { timeText } from '../format.ts';
import { LiveValue } from './chart.tsx';
import { kindWord } from './words/event-kinds.ts';
import { words } from './words/language.ts';
import { roleWords } from './words/roles/role-words.ts';
import { saidText } from './words/said/said.ts';

/** Closed is not an alarm: before and after a run every line is closed on purpose. */
const DEVICE_TONE = { ready: 'is-good', connecting: 'is-warn', lost: 'is-bad', closed: 'is-quiet' } as const;

/** The instruments: are they there, and how well do they answer. */
export function Devices({ devices }: { readonly devices: readonly DeviceView[] }) {
  const say = words().devices;
  return (
    <section class="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say.device}</th>
            <th scope="col">{say.state}</th>
            <th scope="col">{say.frames}</th>
            <th scope="col">{say.bad}</th>
            <th scope="col">{say.missed}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(device => (
            <tr key={device.id} title={device.driver}>
              <th scope="row">{device.id}</th>
              <td class={DEVICE_TONE[device.state]} title={device.reason}>
                {say.states[device.state]}
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
    <section class="panel events" aria-label={words().devices.events}>
      <h2>{words().devices.events}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys move along it where it is longer than its place (axe: scrollable-region-focusable) */}
      <ol tabIndex={0}>
        {events.map((event, i) => (
          <li key={`${event.t_s}-${events.length - i}`}>
            <time>
              {event.t_s < 0 ? '−' : ''}
              {timeText(Math.abs(event.t_s))}
            </time>{' '}
            <b>{kindWord(event.kind)}</b> {saidText(event.text, event.said)}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Every role with its channel and quality, for looking things up. */
export function Values({ roles }: { readonly roles: readonly RoleValue[] }) {
  const say = words().values;
  return (
    <details class="panel values">
      <summary>{words().values.all(roles.length)}</summary>
      <div class="grid">
        {roles.map(value => (
          <div
            key={value.role}
            class="cell"
            title={say.from(value.role, value.channel, say.qualities[value.quality])}
          >
            <span class="name">{roleWords(value.role, value.unit)}</span>
            <span>
              <LiveValue value={value} />
            </span>
          </div>
        ))}
      </div>
    </details>
  );
}
