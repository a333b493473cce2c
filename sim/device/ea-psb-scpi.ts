import { FULL_SCALE, SET_MAX, type SupplyQuantity, type SupplyState } from './ea-psb-state.ts';

/**
 * SCPI of the PSB 10000, the part a bench needs (EA programming guide PGMBEN rev. 24): identification, ownership,
 * set and measured values, output, interface monitoring, error queue. Lines end with LF; replies carry units.
 */

const ERRORS: Readonly<Record<number, string>> = {
  0: 'No error',
  [-100]: 'Command error',
  [-200]: 'Execution error',
  [-201]: 'Invalid while in local',
  [-221]: 'Settings conflict',
  [-222]: 'Data out of range',
  [-225]: 'Out of memory',
};
const QUEUE_DEPTH = 5;
const COMMANDS_PER_LINE = 5;
const BUFFER_BYTES = 256;

const SET_WORDS: Readonly<Record<string, readonly [SupplyQuantity, unit: string]>> = {
  VOLT: ['voltage', 'V'],
  CURR: ['current', 'A'],
  POW: ['power', 'W'],
};

/** Carries out one line; returns the reply without its LF, or undefined if nothing was asked. */
export type ScpiInterpreter = (line: string) => string | undefined;

/**
 * The supply's SCPI interpreter. What it refuses goes into its queue of five errors, to be read with
 * SYST:ERR?, as on the instrument; nothing throws. `onOutputOff` is called just before the DC output is
 * switched off by command.
 */
export function supplyScpi(state: SupplyState, onOutputOff?: () => void): ScpiInterpreter {
  const errors: number[] = [];
  const fail = (code: number): undefined => {
    if (errors.length < QUEUE_DEPTH) errors.push(code);
    return undefined;
  };
  const whenRemote = (act: () => void): undefined => {
    if (state.local) return fail(-201);
    if (!state.remote) return fail(-221);
    act();
    return undefined;
  };
  const measured = (q: SupplyQuantity, unit: string): string => `${state.actual(q).toFixed(2)}${unit}`;

  const query = (word: string): string | undefined => {
    const set = SET_WORDS[word];
    if (set !== undefined) {
      return `${((state.setRaw(set[0]) / FULL_SCALE) * state.nominal(set[0])).toFixed(2)}${set[1]}`;
    }
    switch (word) {
      case '*IDN':
        return `EA Elektro-Automatik GmbH, ${state.ratings.type}, ${state.ratings.serial}, V3.02, `;
      case 'SYST:LOCK:OWN':
        return state.remote ? 'REMOTE' : state.local ? 'LOCAL' : 'NONE';
      case 'SYST:COMM:MON:TIM':
        return String(state.monitoring.timeout_s);
      case 'SYST:COMM:MON:ACT':
        return state.monitoring.active ? 'ON' : 'OFF';
      case 'SYST:NOM:VOLT':
        return `${state.nominal('voltage')}V`;
      case 'SYST:NOM:CURR':
        return `${state.nominal('current')}A`;
      case 'SYST:NOM:POW':
        return `${state.nominal('power')}W`;
      case 'OUTP':
        return state.output ? 'ON' : 'OFF';
      case 'MEAS:ARR':
        return [measured('voltage', 'V'), measured('current', 'A'), measured('power', 'W')].join(', ');
      case 'MEAS:VOLT':
        return measured('voltage', 'V');
      case 'MEAS:CURR':
        return measured('current', 'A');
      case 'MEAS:POW':
        return measured('power', 'W');
      case 'STAT:QUES':
        return String(questionable(state));
      case 'STAT:OPER':
        return String(operation(state));
      case 'SYST:ERR': {
        const code = errors.shift() ?? 0;
        // Reading the queue acknowledges alarms whose cause is gone: the guide warns of it.
        state.acknowledge();
        return `${code},"${ERRORS[code]}"`;
      }
      default:
        return fail(-100);
    }
  };

  const command = (word: string, argument: string): undefined => {
    const set = SET_WORDS[word];
    if (set !== undefined) {
      const raw = Math.round((Number.parseFloat(argument) / state.nominal(set[0])) * FULL_SCALE);
      if (!(raw >= 0 && raw <= SET_MAX)) return fail(-222);
      return whenRemote(() => state.writeSet(set[0], raw));
    }
    const on = /^(ON|1)$/.test(argument) ? true : /^(OFF|0)$/.test(argument) ? false : undefined;
    switch (word) {
      case 'SYST:LOCK':
        if (on === undefined) return fail(-222);
        if (state.local) return fail(-201);
        state.takeRemote(on);
        return undefined;
      case 'SYST:COMM:MON:TIM': {
        const timeout_s = Number(argument);
        if (!(Number.isInteger(timeout_s) && timeout_s >= 1 && timeout_s <= 36000)) return fail(-222);
        return whenRemote(() => state.setMonitoring({ timeout_s }));
      }
      case 'SYST:COMM:MON:ACT':
        if (on === undefined) return fail(-222);
        return whenRemote(() => state.setMonitoring({ active: on }));
      case 'OUTP':
        if (on === undefined) return fail(-222);
        return whenRemote(() => {
          if (!on) onOutputOff?.();
          if (!state.switchOutput(on)) fail(-200);
        });
      default:
        return fail(-100);
    }
  };

  return line => {
    state.heard();
    const commands = line.split(';');
    if (line.length > BUFFER_BYTES || commands.length > COMMANDS_PER_LINE) return fail(-225);
    const replies: string[] = [];
    for (const text of commands) {
      const [head, ...rest] = text.trim().toUpperCase().split(/\s+/);
      const reply = head.endsWith('?') ? query(head.slice(0, -1)) : command(head, rest.join(' '));
      if (reply !== undefined) replies.push(reply);
    }
    return replies.length === 0 ? undefined : replies.join(';');
  };
}

/** STAT:QUES: 0 OVP, 1 OCP, 2 OPP, 3 OT, 9 local, 10 remote, 11 DC on, 13 power fail. */
function questionable(state: SupplyState): number {
  const bit = (on: boolean, n: number): number => (on ? 1 << n : 0);
  return (
    bit(state.alarms.has('OV'), 0) |
    bit(state.alarms.has('OC'), 1) |
    bit(state.alarms.has('OP'), 2) |
    bit(state.alarms.has('OT'), 3) |
    bit(state.local, 9) |
    bit(state.remote, 10) |
    bit(state.output, 11) |
    bit(state.alarms.has('PF'), 13)
  );
}

/** STAT:OPER: 7 CTO (interface monitoring expired), 8 CV, 9 CC, 10 CP. */
function operation(state: SupplyState): number {
  const regulation = { 0: 8, 2: 9, 3: 10 }[state.regulation];
  return (state.monitoring.expired ? 1 << 7 : 0) | (state.output ? 1 << regulation : 0);
}
