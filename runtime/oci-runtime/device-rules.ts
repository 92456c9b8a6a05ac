/** Which devices a container may touch: Docker's default list, `--device`, `--device-cgroup-rule` and `--privileged`. */

import { NaruError } from '../../core/errors.ts';
import type { OciDevice, OciDeviceRule } from './runtime-spec.ts';

/** null, zero, full, random, urandom, tty, console, ptmx and the pts; making any node is allowed, opening it is not. */
const DEFAULT_RULES: readonly OciDeviceRule[] = [
  { allow: false, access: 'rwm' },
  { allow: true, type: 'c', access: 'm' },
  { allow: true, type: 'b', access: 'm' },
  ...[
    [1, 3],
    [1, 5],
    [1, 7],
    [1, 8],
    [1, 9],
    [5, 0],
    [5, 1],
    [5, 2],
  ].map(([major = 0, minor = 0]): OciDeviceRule => ({ allow: true, type: 'c', major, minor, access: 'rwm' })),
  { allow: true, type: 'c', major: 136, access: 'rwm' },
];

export interface AllowedDevice extends OciDevice {
  /** Some of `rwm`. */
  readonly access: string;
}

export function makeDeviceRules(
  devices: readonly AllowedDevice[],
  extraRules: readonly string[],
  privileged: boolean,
): readonly OciDeviceRule[] {
  if (privileged) return [{ allow: true, access: 'rwm' }];
  const own = devices.map(
    ({ type, major, minor, access }): OciDeviceRule => ({ allow: true, type, major, minor, access }),
  );
  return [...DEFAULT_RULES, ...own, ...extraRules.map(parseDeviceRule)];
}

/** `c 1:3 rwm`, `a *:* rwm`. @throws NaruError "invalid-argument" with Docker's words */
export function parseDeviceRule(rule: string): OciDeviceRule {
  const match = /^([acb]) ([0-9]+|\*):([0-9]+|\*) ([rwm]{1,3})$/.exec(rule);
  if (match === null) {
    throw new NaruError('invalid-argument', 'E_DEVICE_RULE', `invalid device cgroup rule format: '${rule}'`);
  }
  const [, type, major = '*', minor = '*', access = ''] = match;
  return {
    allow: true,
    ...(type === 'a' || type === 'c' || type === 'b' ? { type } : {}),
    ...(major === '*' ? {} : { major: Number(major) }),
    ...(minor === '*' ? {} : { minor: Number(minor) }),
    access,
  };
}
