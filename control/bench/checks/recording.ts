import type { DeviceDescription } from '../../../drivers/contract/device.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { Bench } from '../bench.ts';
import { heldReadings, longestBefore_s } from '../rules/recording-rules.ts';
import type { Reach } from './facts.ts';

/** Readings of one instrument that are held back may take so much memory, bytes. */
const MOST_HELD_BYTES = 64 * 2 ** 20;
const BYTES_PER_VALUE = 9;

/** Recording rules name instruments that there are, and roles that just these measure. @throws FileError */
export function checkRecording(
  yaml: YamlFile<Bench>,
  descriptions: ReadonlyMap<string, DeviceDescription>,
  reach: Reach,
): void {
  const { recording, devices } = yaml.value;
  if (recording === undefined) return;
  for (const [id, { interval_s, change }] of Object.entries(recording.instruments)) {
    const place = ['recording', 'instruments', id];
    const description = descriptions.get(id);
    if (description === undefined) {
      const known = [...descriptions.keys()].join(', ');
      throw yaml.error(place, `"${id}" is no instrument of this bench, expected one of ${known}`);
    }
    const { poll_s } = devices[id];
    if (interval_s < poll_s) {
      const text = `${interval_s} s, expected at least poll_s of ${id}, ${poll_s} s: nothing is read oftener`;
      throw yaml.error([...place, 'interval_s'], text);
    }
    for (const role of Object.keys(change)) {
      if (reach.measured.get(role)?.device === id) continue;
      const text = `"${role}" is not measured by ${id}, expected one of its roles`;
      throw yaml.error([...place, 'change', role], text);
    }
    const bytes =
      heldReadings(longestBefore_s(recording), poll_s) * (description.channels.length + 1) * BYTES_PER_VALUE;
    if (bytes > MOST_HELD_BYTES) {
      const text =
        `${description.channels.length} channels each ${poll_s} s, held back for ${longestBefore_s(recording)} s, ` +
        `take ${Math.ceil(bytes / 2 ** 20)} MiB, expected a shorter before_s: ${MOST_HELD_BYTES / 2 ** 20} MiB at most`;
      throw yaml.error(place, text);
    }
  }
}
