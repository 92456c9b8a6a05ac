/** `GET /containers/{id}/top`: the host's `ps`, reduced to the processes of the container. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import { execStatus } from '../../../host/exec.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { notRunning } from '../not-running.ts';
import type { ContainerParts } from '../parts.ts';
import type { TopResult } from '../requests.ts';
import { cgroupPathOf } from '../run/cgroup-path.ts';

/** `psArguments` empty is `-ef`. @throws conflict when it does not run; invalid-argument when the output has no PID column */
export async function topContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  psArguments: readonly string[],
): Promise<TopResult> {
  if (!entry.isRunning) throw notRunning(entry);
  const result = await execStatus(['ps', ...(psArguments.length === 0 ? ['-ef'] : psArguments)]);
  if (result.exitCode !== 0) {
    throw new NaruError('invalid-argument', 'E_PS', `error running ps: ${result.stderr.trim()}`);
  }
  return selectProcesses(result.stdout, pidsOf(parts, entry));
}

/** Titles and rows of those processes; the last column keeps its spaces. */
export function selectProcesses(output: string, pids: ReadonlySet<string>): TopResult {
  const [head = '', ...lines] = output.trim().split('\n');
  const titles = head.trim().split(/\s+/);
  const pidColumn = titles.indexOf('PID');
  if (pidColumn < 0) throw new NaruError('invalid-argument', 'E_PS', "Couldn't find PID field in ps output");
  const rows = lines.map((line) => splitColumns(line, titles.length));
  return { titles, processes: rows.filter((row) => pids.has(row[pidColumn] ?? '')) };
}

function splitColumns(line: string, nColumns: number): readonly string[] {
  const words = line.trim().split(/\s+/);
  return [...words.slice(0, nColumns - 1), words.slice(nColumns - 1).join(' ')];
}

/** Every process in the container's control group, those of execs included. */
function pidsOf(parts: ContainerParts, entry: ContainerEntry): ReadonlySet<string> {
  const path = cgroupPathOf(parts, entry.record);
  for (const hierarchy of ['', 'pids', 'memory', 'systemd']) {
    try {
      const text = readFileSync(join('/sys/fs/cgroup', hierarchy, path, 'cgroup.procs'), 'utf8');
      if (text.trim() !== '') return new Set(text.trim().split('\n'));
    } catch {
      // Not this hierarchy: v1 and v2 differ, and hosts leave some out.
    }
  }
  return new Set([String(entry.state.pid)]);
}
