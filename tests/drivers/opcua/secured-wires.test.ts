import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { trustCommand } from '../../../control/program/commands/opcua/trust.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { opcuaPlc } from '../../../drivers/opcua/plc.ts';
import { opcuaFolder } from '../../../drivers/transport/opcua/trust.ts';
import { startWireBench } from '../../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../../sim/wire-protocol.ts';

/** A secured PLC of a bench file on emulated wires: its certificate trusted by the command, its password from the environment. */

vi.stubEnv('XDG_CONFIG_HOME', join(tmpdir(), `cellbench-opcua-user-wires-${userInfo().username}`));
vi.stubEnv('OPCUA_WIRE_PASSWORD', 'right');
const folder = mkdtempSync(join(tmpdir(), 'secured-wires-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'nodes.yaml'),
  `namespaceUri: urn:cellbench:secured
onLoss: hold
channels:
  - { name: 'cell[].voltage_V', count: 5, node: 's=cells', range: [-1, 5], accuracy: { reading_pct: 0, abs: 0, basis: default } }
  - { name: 'spare[].temperature_degC', count: 2, node: 's=spare', range: [-1, 500], accuracy: { reading_pct: 0, abs: 0, basis: default } }
settables: []
safe: []
`,
);
const OPTIONS = {
  endpoint: 'opc.tcp://192.168.0.30:4840',
  nodes: 'nodes.yaml',
  security: { policy: 'Basic256Sha256', mode: 'signAndEncrypt' },
  user: { name: 'bench', password: { env: 'OPCUA_WIRE_PASSWORD' } },
};

test('it is refused until it is trusted, then its arrays are read; another password is refused', async () => {
  const clock = realClock();
  const config = wireConfigSchema.parse({
    plant: {
      plant: 'pem',
      set: 'irox-n115-500kw',
      parameters: {},
      subject: { cells: 5, activeArea_cm2: 100, currentNominal_A: 100 },
    },
    seed: 1,
    timeFactor: 1,
    devices: {
      plc: {
        driver: 'opcua/plc',
        options: OPTIONS,
        roles: { 'cell[].voltage_V': 'cell.voltage_V[]' },
        baseDir: folder,
      },
    },
  });
  const wires = await startWireBench(config, clock);
  const { endpoint } = wires.endpoints['plc'] as { endpoint: string };
  const open = () =>
    opcuaPlc.open('plc', opcuaPlc.options.parse({ ...OPTIONS, endpoint }), { clock, baseDir: folder });
  const device = open();
  try {
    rmSync(join(opcuaFolder(), 'trusted'), { recursive: true, force: true });
    const refusal = await device.connect().then(
      () => '',
      (error: Error) => error.message,
    );
    const thumbprint = /its certificate is not trusted yet: .* --thumbprint ([0-9A-F]{64})$/.exec(
      refusal,
    )?.[1];
    expect(thumbprint, refusal).toBeDefined();
    vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await trustCommand([endpoint, '--thumbprint', thumbprint ?? ''])).toBe(0);

    await device.connect();
    const { values, quality, reason } = await device.read();
    // Nothing of the plant stands behind the spare ones.
    expect([...quality], reason).toEqual([0, 0, 0, 0, 0, QUALITY.bad, QUALITY.bad]);
    const cells = await Promise.all(
      [1, 2, 3, 4, 5].map(k => wires.carryOut({ do: 'look', signal: `cell[${k}].voltage_V` })),
    );
    for (const [k, shown] of cells.entries()) expect(values[k]).toBeCloseTo(Number(shown), 1);

    vi.stubEnv('OPCUA_WIRE_PASSWORD', 'wrong');
    await expect(open().connect()).rejects.toThrow(/BadIdentityTokenRejected|BadUserAccessDenied|refused/);
  } finally {
    await device.close();
    await wires.end();
  }
}, 60_000);
