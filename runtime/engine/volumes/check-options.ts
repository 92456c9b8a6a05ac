/** The options of Docker's local driver: `type`, `device`, `o` and `size`, of which some need others. */

import { NaruError } from '../../../core/errors.ts';

const NEEDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['type', ['device']],
  ['device', ['type']],
  ['o', ['device', 'type']],
  ['size', []],
]);

/** @throws invalid-argument in the words of dockerd 28.5.2; `size` there and here needs quotas of the file system */
export function checkVolumeOptions(name: string, options: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(options).find((key) => !NEEDS.has(key));
  if (unknown !== undefined) throw refusal(name, `invalid option: ${JSON.stringify(unknown)}`);
  const missing = Object.keys(options)
    .flatMap((key) => NEEDS.get(key) ?? [])
    .find((key) => !Object.hasOwn(options, key));
  if (missing !== undefined) throw refusal(name, `missing required option: ${JSON.stringify(missing)}`);
  if (options['size'] !== undefined) throw refusal(name, 'quota size requested but no quota support');
}

function refusal(name: string, why: string): NaruError {
  return new NaruError('invalid-argument', 'E_VOLUME_OPTION', `create ${name}: ${why}`);
}
