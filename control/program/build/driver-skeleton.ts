/** What `npm run new-driver` writes: a driver that works on its own emulator, to be turned into the instrument's. */

/** Names made of `maker/model`. */
export interface SkeletonNames {
  readonly id: string;
  readonly maker: string;
  readonly model: string;
  /** `makerModel`, as the registries name it. */
  readonly name: string;
}

const DRIVER = `
  device: 'MAKER MODEL',
  manual: 'title and edition of the paper that this table is written from',
  triedOn: 'emulator only',
  options: { voltageNominal_V: 'rating of the type plate' },
  line: { port: 5025, terminator: 'lf', reply_ms: 200, gap_ms: 0, basis: 'default' },
  identity: { ask: '*IDN?', maker: '^MAKER$', model: '^MODEL', basis: 'default' },
  errors: { ask: 'SYST:ERR?', basis: 'default' },
  accuracy: { reading_pct: 0.1, rating_pct: 0.1, basis: 'default' },
  reads: [
    { name: 'voltage_V', ask: 'MEAS:VOLT?', rated: 'voltage', range: [-0.02, 1.1], basis: 'default' },
    { name: 'output_on', ask: 'OUTP?', basis: 'default' },
  ],
  // In the order in which the safe state takes them.
  sets: [
    { name: 'outputSet_on', say: ['OUTP OFF', 'OUTP ON'], ask: 'OUTP?', safe: 0, basis: 'default' },
    {
      name: 'voltageSet_V',
      say: 'VOLT {}',
      ask: 'VOLT?',
      rated: 'voltage',
      kept: 'no effect with the output off',
      basis: 'default',
    },
  ],
  onLoss: 'unknown',
});
`;

const EMULATOR = `
  sample: { voltageNominal_V: 80 },
  lines({ sense, drive }, told) {
    const most_V = Number(told['voltageNominal_V']);
    let voltage_V = 0;
    let isOn = false;
    let error = '0,"No error"';
    const answers: Readonly<Record<string, () => string>> = {
      '*IDN?': () => 'MAKER,MODEL-1,EMULATOR-1,1.0',
      'MEAS:VOLT?': () => sense('voltage_V', isOn ? voltage_V : 0).toFixed(3),
      'VOLT?': () => voltage_V.toFixed(3),
      'OUTP?': () => (isOn ? '1' : '0'),
      'SYST:ERR?': () => {
        const said = error;
        error = '0,"No error"';
        return said;
      },
    };
    return {
      answer(line) {
        if (line.endsWith('?')) return answers[line]?.();
        const [word, argument] = line.split(' ');
        const value = Number(argument);
        if (word === 'OUTP') {
          isOn = argument === 'ON';
          drive('outputSet_on', isOn ? 1 : 0);
        } else if (word === 'VOLT' && value >= 0 && value <= most_V) {
          voltage_V = value;
          drive('voltageSet_V', value);
        } else error = '-222,"Data out of range"';
        return undefined;
      },
    };
  },
});
`;

const filled = (text: string, { maker, model }: SkeletonNames): string =>
  text.replaceAll('MAKER', maker.toUpperCase()).replaceAll('MODEL', model.toUpperCase());

// Written so that what is only text here is not taken for this file's own imports and exports.
const quoted = (path: string): string => `'${path}'`;
const EXPORT = ['export', 'default'].join(' ');

/** The files of a driver in this repository, with their places. */
export function skeletonInside(names: SkeletonNames): Readonly<Record<string, string>> {
  const { id, maker, model, name } = names;
  const says = `${maker} ${model}`;
  return {
    [`drivers/${maker}/${model}.ts`]: `import { defineDriver } from ${quoted('../define/driver.ts')};

/** ${says}: say here what it is and what of it is spoken to. */
export const ${name} = defineDriver({
  id: '${id}',${filled(DRIVER, names)}`,
    [`sim/emulators/${maker}/${model}.ts`]: `import { defineEmulator } from ${quoted('../define.ts')};

/** ${says}, as its maker's paper says that it answers. */
export const ${name} = defineEmulator({${filled(EMULATOR, names)}`,
    [`tests/drivers/${maker}/${model}.test.ts`]: `import { ${name} } from ${quoted(`../../../drivers/${maker}/${model}.ts`)};
import { ${name} as emulator } from ${quoted(`../../../sim/emulators/${maker}/${model}.ts`)};
import { sweepDeclared } from ${quoted('../../support/declared-driver.ts')};

sweepDeclared(${name}, emulator, { model: 'ANOTHER' });
`,
  };
}

/** The files of a driver of a lab's own, in a folder of its choice. */
export function skeletonOutside(names: SkeletonNames): Readonly<Record<string, string>> {
  const file = `${names.maker}-${names.model}`;
  return {
    [`${file}.ts`]: `import { defineDriver } from ${quoted('cellbench/driver')};

${EXPORT} defineDriver({
  id: '${names.id}',${filled(DRIVER, names)}`,
    [`${file}.emulator.ts`]: `import { defineEmulator } from ${quoted('cellbench/emulator')};

${EXPORT} defineEmulator({${filled(EMULATOR, names)}`,
  };
}
