/** `--cpuset-cpus` and `--cpuset-mems`: lists such as `0-2,4` of what this machine has. */

import { readFileSync } from 'node:fs';

import { NaruError } from '../../../../core/errors.ts';
import type { ResourceOptions } from '../container.ts';

/** @throws NaruError "invalid-argument" in dockerd's words (28.5.2) */
export function checkCpusets({ cpusetCpus = '', cpusetMems = '' }: ResourceOptions): void {
  check(cpusetCpus, 'cpuset cpus', 'CPUs', '/sys/devices/system/cpu/online');
  check(cpusetMems, 'cpuset mems', 'memory nodes', '/sys/devices/system/node/online');
}

function check(wanted: string, field: string, things: string, file: string): void {
  if (wanted === '') return;
  const numbers = numbersOf(wanted);
  if (numbers === undefined) throw wrong(`Invalid value ${wanted} for ${field}: invalid format: ${wanted}`);
  const online = readOnline(file);
  const present = new Set(numbersOf(online));
  // A kernel without memory nodes says nothing of them.
  if (present.size === 0 || numbers.every((number) => present.has(number))) return;
  throw wrong(`Requested ${things} are not available - requested ${wanted}, available: ${online}`);
}

/** More than any machine has; a longer range is not a list of CPUs. */
const MAX_NUMBER = 8191;

/** undefined where the text is no such list. */
function numbersOf(text: string): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last > MAX_NUMBER) return undefined;
    for (let number = first; number <= last; number += 1) numbers.push(number);
  }
  return numbers;
}

function readOnline(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_RESOURCES', message);
}
