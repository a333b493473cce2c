import type { EaOptions } from '../../../drivers/ea/options.ts';
import { putFloat, putText, tcpPeer } from '../modbus-peer.ts';
import { type RtuTcpPeer, rtuTcpPeer } from '../rtu-tcp-peer.ts';

/** A peer of a PSB 10000: registers on RTU frames, and what it says to lines of SCPI. */
export interface PsbPeer extends RtuTcpPeer {
  /** What it holds of `POW:STAG:AFT:REM` and of the interface monitoring. */
  readonly said: Map<string, string>;
}

const REGISTERS = [498, 499, 500, 501, 502, 505, 506, 507, 508, 509];

/** Fills registers as the maker's list of the PSB 10000 (KE 3.02+) has them. */
function fill(peer: Pick<RtuTcpPeer, 'holding' | 'onWrite'>): void {
  const { holding } = peer;
  holding.set(0, 83);
  putText(holding, 1, 'PSB 10360-2400', 20);
  putText(holding, 151, '1234560001', 20);
  putFloat(holding, 121, 360);
  putFloat(holding, 123, 2400);
  putFloat(holding, 125, 600000);
  for (const register of REGISTERS) holding.set(register, 0);
  peer.onWrite = (address, value, fn) => {
    if (fn !== 5) return;
    const bit = { 402: 11, 405: 7 }[address];
    if (bit === undefined) return;
    const low = holding.get(506) ?? 0;
    holding.set(506, value === 0xff00 ? low | (1 << bit) : low & ~(1 << bit));
  };
}

/** As on its own LAN port: frames of Modbus RTU and lines of SCPI. `port` 0: any free one. */
export async function psbPeer(port = 0): Promise<PsbPeer> {
  const peer = await rtuTcpPeer(port);
  fill(peer);
  const said = new Map([
    ['POW:STAG:AFT:REM', 'AUTO'],
    ['SYST:COMM:MON:TIM', '5'],
    ['SYST:COMM:MON:ACT', 'OFF'],
    ['SYST:LOCK:OWN', 'REMOTE'],
  ]);
  peer.onLine = line => {
    const [word, argument] = line.split(' ');
    if (argument === undefined) return said.get(word.slice(0, -1));
    said.set(word, argument);
    return undefined;
  };
  return Object.assign(peer, { said });
}

/** As with the plug-in module for Modbus TCP: registers only. */
export async function psbModulePeer(): Promise<Awaited<ReturnType<typeof tcpPeer>>> {
  const peer = await tcpPeer();
  fill(peer);
  return peer;
}

export function psbOptions(peer: { readonly port: number }): EaOptions {
  return {
    host: '127.0.0.1',
    port: peer.port,
    series: 'psb-10000',
    voltageNominal_V: 360,
    currentNominal_A: 2400,
    powerNominal_W: 600000,
  };
}
