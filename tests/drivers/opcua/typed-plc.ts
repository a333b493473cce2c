import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { opcuaPlc } from '../../../drivers/opcua/plc.ts';
import type { OpcuaNode } from '../../../sim/device/opcua/server.ts';
import type { ServerSecurity } from '../../../sim/device/opcua/server-security.ts';

/** A nodes file and a device for a server whose nodes are written out in a test. */

const URI = 'urn:cellbench:typed';
export const folder = mkdtempSync(join(tmpdir(), 'typed-plc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a nodes file says of a server without a heartbeat; `head`: lines before the channels. */
export function fileOf(of: {
  head?: string;
  channels: readonly string[];
  settables?: readonly string[];
  safe?: string;
}): string {
  const list = (lines: readonly string[] = []): string =>
    lines.map(line => `\n  - { ${line} }`).join('') || ' []';
  const path = join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(
    path,
    `namespaceUri: ${URI}
${of.head ?? 'onLoss: hold'}
channels:${list(of.channels.map(line => `${line}, accuracy: { reading_pct: 0, abs: 0, basis: default }`))}
settables:${list(of.settables)}
safe: ${of.safe ?? '[]'}
`,
  );
  return path;
}

/** A device of the driver, not yet connected. */
export function deviceOf(port: number, nodes: string, more: object = {}) {
  const options = opcuaPlc.options.parse({ endpoint: `opc.tcp://127.0.0.1:${port}`, nodes, ...more });
  return opcuaPlc.open('plc', options, { clock: realClock(), baseDir: folder });
}

/** Starts the server. */
export async function serverOf(
  nodes: readonly OpcuaNode[],
  more: {
    port?: number | undefined;
    maxNodesPerRead?: number;
    security?: ServerSecurity;
    applicationUri?: string;
  } = {},
) {
  const { startOpcuaServer } = await import('../../../sim/device/opcua/server.ts');
  return startOpcuaServer({ namespaceUri: URI, nodes, beforeReply() {}, ...more });
}
