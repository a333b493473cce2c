import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { fitPlant } from '../../../sim/fit/fit-plant.ts';
import { fittedText, readFittedFile } from '../../../sim/fit/fitted-file.ts';
import { findPlant } from '../../../sim/plants.ts';

/** One clear message for everything that can be wrong with the data and the request. */

const read = (text: string) => readFitData('d.csv', text);

describe('bad data files', () => {
  it.each([
    ['empty', '', /^d\.csv:1: the file is empty, expected a header of a polarisation curve/],
    ['no rows', 'current_A,cellVoltage_V\n', /^d\.csv:1: no rows/],
    [
      'unknown header',
      'a,b\n1,2',
      /^d\.csv:1: header "a,b".*expected a header of a polarisation curve.*time series.*spectrum/,
    ],
    ['misspelt column', 'curent_A,cellVoltage_V\n1,2', /did you mean "current_A" for "curent_A"/],
    ['both voltages', 'current_A,cellVoltage_V,stackVoltage_V\n1,2,3', /^d\.csv:1: header/],
    ['half a spectrum', 'frequency_Hz,re_Ohm\n1,2', /^d\.csv:1: header/],
    ['column twice', 'current_A,current_A\n1,2', /current_A stands twice/],
    ['time alone', 'time_s,cell.voltage_V\n0,3', /expected time_s, at least one column that drives and one/],
    ['text', 'current_A,cellVoltage_V\n1,2\n2,x', /^d\.csv:3: cellVoltage_V "x", expected a number/],
    ['hexadecimal', 'current_A,cellVoltage_V\n0x10,2', /^d\.csv:2: current_A "0x10", expected a number/],
    ['short row', 'current_A,cellVoltage_V\n1', /^d\.csv:2: 1 values, expected 2/],
    [
      'time goes back',
      'time_s,cell.current_A,cell.voltage_V\n0,0,3\n2,0,3\n1,0,3',
      /^d\.csv:4: time_s 1, expected a time later/,
    ],
    [
      'frequency 0',
      'frequency_Hz,re_Ohm,im_Ohm\n0,1,0',
      /^d\.csv:2: frequency_Hz 0, expected a frequency > 0/,
    ],
    ['no uncertainty', 'current_A,cellVoltage_V,u_V\n1,1.5,0', /^d\.csv:2: u_V 0, expected/],
  ])('%s', (_, text, says) => {
    expect(() => read(text)).toThrow(FileError);
    expect(() => read(text)).toThrow(says);
  });
});

describe('bad requests', () => {
  const pem = findPlant('pem');
  const ecm = findPlant('ecm');
  const curve = 'current_A,cellVoltage_V\n1,1.5\n5,1.6\n10,1.7\n20,1.8\n30,1.9';
  const ask = (text: string, more: object) => () =>
    fitPlant({
      model: pem,
      set: pem.sets[0],
      subject: { cells: 1, activeArea_cm2: 25, currentNominal_A: 50 },
      at: { temperature_degC: 60 },
      parameters: {},
      names: [],
      data: read(text),
      ...more,
    });
  const cell = {
    model: ecm,
    set: ecm.sets[0],
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
    at: {},
  };

  it.each([
    [
      'temperature not known',
      curve,
      { at: {} },
      /temperature_degC of the curve is not known, expected a column/,
    ],
    [
      'unknown parameter',
      curve,
      { names: ['asr_Ohm_cm'] },
      /"asr_Ohm_cm" is no parameter of pem \(did you mean "asr_Ohm_cm2"\?\)/,
    ],
    [
      'held at nothing',
      curve,
      { at: { temperature_degC: 60, volts: 1 } },
      /"volts" is nothing that can be held/,
    ],
    [
      'too few points',
      'current_A,cellVoltage_V\n1,1.5\n5,1.6',
      { names: ['asr_Ohm_cm2', 'tafelSlope_V'] },
      /2 points for 2 parameters/,
    ],
    ['a curve of a cell', curve, cell, /ecm has no steady curve/],
    ['nothing to find', curve, { names: ['cathodeVolume_L'] }, /determine none of cathodeVolume_L/],
  ])('%s', (_, text, more, says) => {
    expect(ask(text, more)).toThrow(FitError);
    expect(ask(text, more)).toThrow(says);
  });

  it('a column that the plant neither sets nor shows is an error of the file', () => {
    const text = 'time_s,cell.current_A,cell.volts_V\n0,0,3\n1,0,3';
    expect(ask(text, cell)).toThrow(
      /^d\.csv:1: ecm neither sets nor shows cell\.volts_V \(did you mean "cell\.voltage_V"\?\)/,
    );
  });

  it('a series that compares nothing is an error of the file', () => {
    expect(ask('time_s,cell.currentSet_A,cell.voltageSet_V\n0,0,3\n1,0,3', cell)).toThrow(
      /^d\.csv:1: nothing to compare in/,
    );
  });

  it('says so when a named parameter cannot be told', () => {
    const fit = ask(curve, { names: ['asr_Ohm_cm2', 'cathodeVolume_L'] })();
    expect(fit.warnings.join()).toMatch(/cathodeVolume_L is not determined by these data, left at 250/);
  });
});

describe('parameter file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'fitted-'));
  const path = join(dir, 'f.yaml');
  const file = {
    plant: 'pem',
    set: 'a-set',
    parameters: { asr_Ohm_cm2: 0.2, exchange_A_per_cm2: 1e-7 },
    u: { asr_Ohm_cm2: 0.01 },
    data: { kind: 'polarisation curve', file: 'd.csv', unit: 'V' },
    rmse: 0.001,
    points: 12,
    date: '2026-01-01T00:00:00.000Z',
    basis: 'fitted' as const,
  };

  it('reads back what was written', () => {
    writeFileSync(path, fittedText(file));
    expect(readFittedFile(path)).toEqual(file);
  });

  it('refuses what is none with file and line', () => {
    writeFileSync(path, fittedText({ ...file, rmse: -1 }));
    expect(() => readFittedFile(path)).toThrow(/f\.yaml:\d+: rmse: found -1/);
    rmSync(dir, { recursive: true });
    expect(() => readFittedFile(path)).toThrow(
      /f\.yaml: cannot be opened: no such file, expected a parameter file made by fit/,
    );
  });
});
