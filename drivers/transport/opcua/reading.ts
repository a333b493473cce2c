import type { DataValue } from 'node-opcua';
import type { OpcuaReading, OpcuaStatus } from './request.ts';
import { hasSubCode, numbersOf, severityOf } from './values.ts';

/** A value as a server gives it, in our words; asked for or brought by a subscription. */

/** A status code by name and severity. */
export function statusOf(code: { readonly name: string; readonly value: number }): OpcuaStatus {
  return {
    status: code.name,
    severity: severityOf(code.value),
    ...(hasSubCode(code.value) ? { isQualified: true } : {}),
  };
}

/** Number or numbers of a value, with its status and its time stamps. */
export function readingOf({ statusCode, value, sourceTimestamp, serverTimestamp }: DataValue): OpcuaReading {
  return {
    ...statusOf(statusCode),
    ...numbersOf(value),
    ...(sourceTimestamp ? { sourceTime_ms: sourceTimestamp.getTime() } : {}),
    ...(serverTimestamp ? { serverTime_ms: serverTimestamp.getTime() } : {}),
  };
}
