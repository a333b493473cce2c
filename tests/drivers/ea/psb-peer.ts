import type { PsbOptions } from '../../../drivers/ea/psb-10000.ts';
import { type ModbusPeer, putFloat, putText, tcpPeer } from '../modbus-peer.ts';

/** Registers of a PSB 10000 as the programming guide (PGMBEN Rev 24) has them. */
export async function psbPeer(port = 0): Promise<ModbusPeer> {
  const peer = await tcpPeer(port);
  const { holding } = peer;
  putText(holding, 1, 'PSB 10360-2400', 20);
  putFloat(holding, 121, 360);
  putFloat(holding, 123, 2400);
  putFloat(holding, 125, 600000);
  for (const register of [500, 501, 502, 505, 506, 507, 508, 509]) holding.set(register, 0);
  peer.onWrite = (address, value, fn) => {
    if (fn !== 5) return;
    const bit = { 402: 11, 405: 7 }[address];
    if (bit === undefined) return;
    const low = holding.get(506) ?? 0;
    holding.set(506, value === 0xff00 ? low | (1 << bit) : low & ~(1 << bit));
  };
  return peer;
}

export function psbOptions(peer: ModbusPeer): PsbOptions {
  return {
    host: '127.0.0.1',
    port: peer.port,
    voltageNominal_V: 360,
    currentNominal_A: 2400,
    powerNominal_W: 600000,
  };
}
