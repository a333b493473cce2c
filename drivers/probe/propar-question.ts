import { decodeReply, encodeRead, PROPAR_PARAMETERS } from '../protocol/propar.ts';
import { encodeFrame, ProparParser } from '../protocol/propar-frame.ts';
import type { Door, ProbeOptions, Question } from './probe.ts';

/** Any instrument that is alone on the line answers to this node. */
const NODE_ANY = 0x80;

/** Who a flow or pressure instrument of Bronkhorst is. */
export function proparQuestion(door: Door, options: ProbeOptions): Question {
  const asked = 'ProPar node 128: type, serial number, capacity, unit';
  const { deviceType, serialNumber, capacity, capacityUnit } = PROPAR_PARAMETERS;
  const parameters = [capacity, capacityUnit, deviceType, serialNumber];
  return {
    language: 'other',
    asked,
    async ask(talk) {
      const frame = encodeFrame({ sequence: 1, node: NODE_ANY, data: encodeRead(parameters) });
      const text = await talk.ask(Buffer.from(frame).toString('latin1'), options.within_s);
      const items = new ProparParser().push(Buffer.from(text, 'latin1'));
      const reply = items.find(item => item.kind === 'frame');
      if (reply?.kind !== 'frame') return undefined;
      try {
        const answer = decodeReply(reply.frame.data, parameters);
        if (answer.kind !== 'values') return { speaks: 'ProPar', asked, says: 'an error status', fits: [] };
        const [full, unit, type, serial] = answer.values.map(v => (typeof v === 'string' ? v.trim() : v));
        const { node } = reply.frame;
        const instruments = [{ name: 'a name with its unit', node, capacity: full }];
        return {
          speaks: 'ProPar',
          asked,
          says: `${type} no. ${serial}, 100 % is ${full} ${unit}, node ${node}`,
          fits: [{ driver: 'bronkhorst/propar', options: { ...door, instruments } }],
        };
      } catch {
        return undefined;
      }
    },
  };
}
