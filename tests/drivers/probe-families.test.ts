import { describe, expect, it } from 'vitest';
import { fittingFamilies } from '../../drivers/probe/modbus-families.ts';

/** Families of register maps by their identity registers. */

const answering = (words: Readonly<Record<string, readonly number[]>>) =>
  fittingFamilies(async (table, address, count) => words[`${table} ${address} ${count}`]);

describe('families that fit', () => {
  it.each([
    ['adam-6050', { 'holding 210 1': [0x6050] }, { module: '6050' }],
    ['labjack-t7', { 'holding 60000 2': [0x40e0, 0] }, { product: 'T7' }],
    ['wago-750', { 'holding 8210 1': [352] }, { item: 352 }],
    ['keller', { 'holding 514 2': [1, 2] }, { serial: 0x10002 }],
  ])('%s is known by what it says', async (family, words, about) => {
    expect(await answering(words)).toMatchObject([{ family, about }]);
  });

  it('none where nothing answers, reads 0, or says a small number that any instrument could', async () => {
    expect(await answering({})).toEqual([]);
    expect(await answering({ 'holding 210 1': [0x6051], 'holding 8210 1': [0] })).toEqual([]);
    expect(await answering({ 'input 1199 1': [6] })).toEqual([]);
  });
});
