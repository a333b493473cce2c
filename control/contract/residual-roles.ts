/** Names of what the twin beside the bench predicts, and of what the bench measures beyond it. */

/** Id of the twin among the devices of a bench. */
export const BESIDE_DEVICE = 'twin';

/** `stack.voltage_V` -> `predicted.stackVoltage_V`. */
export function predictedRole(role: string): string {
  return `predicted.${joined(role)}`;
}

/** Measured minus predicted: `stack.voltage_V` -> `residual.stackVoltage_V`. */
export function residualRole(role: string): string {
  return `residual.${joined(role)}`;
}

/** Channel of the twin behind a role, with this word before the unit: `stackVoltagePredicted_V`. */
export function besideChannel(role: string, word: 'Predicted' | 'Residual', unit: string): string {
  const name = joined(role);
  return `${name.slice(0, -unit.length - 1)}${word}_${unit}`;
}

function joined(role: string): string {
  const [part, ...quantity] = role.split('.');
  return part + quantity.map(word => word[0].toUpperCase() + word.slice(1)).join('');
}
