import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService, type LanguageService } from 'yaml-language-server';
import { writeSchemas } from '../../../control/program/build/schemas.ts';
import { STEP_KINDS } from '../../../profiles/language/steps/index.ts';

/** What an editor with the YAML language server shows while a method or a bench file is written. */

let dir = '';
let service: LanguageService;
let version = 0;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'schemas-'));
  writeSchemas(dir);
  service = getLanguageService({
    schemaRequestService: async uri => readFileSync(fileURLToPath(uri), 'utf8'),
    workspaceContext: { resolveRelativePath: (relative, from) => new URL(relative, from).href },
  });
  service.configure({ validate: true, completion: true, hover: true });
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A file beside the schemas; its first line says which of them it is written to. */
function documentOf(kind: string, text: string): TextDocument {
  version += 1;
  const uri = pathToFileURL(join(dir, `file-${version}.yaml`)).href;
  return TextDocument.create(
    uri,
    'yaml',
    version,
    `# yaml-language-server: $schema=${kind}.schema.json\n${text}`,
  );
}

/** The document without its |, and where that stood. */
function pointIn(
  kind: string,
  text: string,
): readonly [TextDocument, ReturnType<TextDocument['positionAt']>] {
  const whole = documentOf(kind, text);
  const at = whole.getText().indexOf('|');
  return [documentOf(kind, text.replace('|', '')), whole.positionAt(at)];
}

const HEAD = 'method: m\nversion: 2\nsteps:\n';

async function offered(kind: string, text: string): Promise<readonly string[]> {
  const { items } = await service.doComplete(...pointIn(kind, text), false);
  return items.map(item => item.label);
}

async function hover(kind: string, text: string): Promise<string> {
  const found = await service.doHover(...pointIn(kind, text));
  const contents = found?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

async function errors(kind: string, text: string): Promise<readonly string[]> {
  const found = await service.doValidation(documentOf(kind, text), false);
  return found.map(({ range, message }) => `${range.start.line}: ${message}`);
}

describe('an editor completes', () => {
  it('the kinds of step', async () => {
    const labels = await offered('method', `${HEAD}- |\n`);
    expect(STEP_KINDS.map(kind => kind.key).filter(key => !labels.includes(key))).toEqual([]);
  });

  it.each([
    [`${HEAD}- cc:\n    cur|\n`, ['current_A', 'current_C', 'current_mA_per_cm2', 'per_min']],
    [
      `${HEAD}- cc: { current_A: 1 }\n  otherwise: |\n`,
      ['next', 'leave', 'next-phase', 'finish', 'stop', 'trip'],
    ],
    [`${HEAD}- repeat: { times: 3 }\n  steps:\n  - |\n`, ['cc', 'rest', 'within_h']],
    [`${HEAD}- rest: {}\n  resume: |\n`, ['continue', 'again', 'never']],
    ['met|\n', ['method', 'version', 'parameters', 'steps', 'phases', 'finally']],
  ])('%s', async (text, expected) => {
    expect(await offered('method', text)).toEqual(expect.arrayContaining(expected));
  });

  it('drivers and the options of each', async () => {
    const device = 'bench: b\nversion: 1\ndevices:\n  supply:\n';
    expect(await offered('bench', `${device}    driver: |\n`)).toEqual(
      expect.arrayContaining(['ea/psb-10000', 'generic/modbus-map', 'bronkhorst/propar', 'opcua/plc']),
    );
    const options = await offered(
      'bench',
      `${device}    driver: ea/psb-10000\n    options:\n      host: x\n      |\n`,
    );
    expect(options).toEqual(expect.arrayContaining(['voltageNominal_V', 'modbusTcpPort']));
    expect(options).not.toContain('nodes');
  });
});

describe('an editor says at the pointer', () => {
  it.each([
    ['method', `${HEAD}- c|c: { current_C: 1 }\n  for_h: 1\n`, 'constant current'],
    ['method', `${HEAD}- cc: { curr|ent_C: 1 }\n  for_h: 1\n`, 'set current, in C'],
    ['method', `${HEAD}- cc: { current_C: 1 }\n  fo|r_h: 1\n`, 'normal end after this time, in h'],
    [
      'method',
      `${HEAD}- cc: { current_C: 1 }\n  for_h: 1\n  ga|te: a_on\n`,
      'ramp, clock and profile stand still',
    ],
    [
      'procedure',
      'procedure: p\nversion: 2\nret|urns: { a_V: 1 }\nsteps: [{ rest: {}, for_h: 1 }]\n',
      'hands back',
    ],
    ['bench', 'bench: b\nversion: 1\ndevices:\n  s:\n    stale_a|fter_s: 1\n', 'count as bad everywhere'],
    ['bench', 'bench: b\nversion: 1\ncell:\n  activeMa|ss_g: 1\n', 'A\\_per\\_g'],
  ])('%s: %s', async (kind, text, expected) => {
    expect(await hover(kind, text)).toContain(expected);
  });
});

describe('an editor marks', () => {
  it.each([
    ['no kind of step', `${HEAD}- { rest: {}, for_h: 1 }\n- hodl: {}\n`, '5: Property hodl is not allowed.'],
    [
      'a unit that time does not have',
      `${HEAD}- cc: { current_C: 1 }\n  for_x: 1\n`,
      '5: Property for_x is not allowed.',
    ],
    [
      'a key of the block',
      `${HEAD}- cc: { curent_C: 1 }\n  for_h: 1\n`,
      '4: Property curent_C is not allowed.',
    ],
    [
      'a target',
      `${HEAD}- cc: { current_C: 1 }\n  for_h: 1\n  otherwise: stopp\n`,
      '6: Value is not accepted.',
    ],
    [
      'a slip deep inside',
      `${HEAD}- repeat: { times: 2 }\n  steps:\n  - rest: { x: 1 }\n    for_h: 1\n`,
      '6: Property x is not allowed.',
    ],
    ['the version', `${HEAD.replace('2', '3')}- { rest: {}, for_h: 1 }\n`, '2: Value must be 2.'],
    [
      'a procedure',
      `${HEAD.replace('method', 'procedure')}- { rest: {}, for_h: 1 }\n`,
      '1: Property procedure is not allowed.',
    ],
  ])('%s', async (_, text, expected) => {
    expect((await errors('method', text)).join('\n')).toContain(expected);
  });

  it('an option that the driver does not have', async () => {
    const text =
      'bench: b\nversion: 1\ndevices:\n  s:\n    driver: opcua/plc\n    options: { endpoint: "opc.tcp://a:1", hots: 1 }\n';
    expect((await errors('bench', text)).join('\n')).toContain('6: Property hots is not allowed.');
  });
});

describe('an editor marks nothing', () => {
  const files = 'tests/profiles/language/files';
  it.each(readdirSync(files))('in %s', async name => {
    const text = readFileSync(join(files, name), 'utf8');
    expect(await errors(text.startsWith('procedure') ? 'procedure' : 'method', text)).toEqual([]);
  });

  it.each(['pem-500kw/night', 'hydride-pct/pct'])('in the example %s', async name => {
    expect(await errors('method', readFileSync(`examples/${name}.yaml`, 'utf8'))).toEqual([]);
  });

  it.each(['pem-500kw', 'alkaline-15kw', 'durability-pem', 'cell-cycling', 'hydride-pct'])(
    'in the bench %s',
    async name => {
      expect(await errors('bench', readFileSync(`examples/${name}/bench.yaml`, 'utf8'))).toEqual([]);
    },
  );
});
