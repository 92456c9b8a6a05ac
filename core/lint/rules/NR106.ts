/** NR106: a mount that does not say where it appears. */

import { resolvePath } from '../../build/unix-path.ts';
import { readMount } from '../../dockerfile/mounts.ts';
import type { Rule } from '../rule.ts';
import { workingDirectories } from '../working-directory.ts';

export const NR106: Rule = {
  id: 'NR106',
  family: 'naru',
  severity: 'error',
  message: 'this mount needs a target other than /',
  why: 'A mount but a secret and an SSH agent appears at its target, or else in the working directory. Where that is / the build ends. Of images that may set one Naru says nothing.',
  examples: {
    bad: ['FROM debian:12\nRUN --mount=type=cache make'],
    good: [
      'FROM debian:12\nRUN --mount=type=cache,target=/root/.cache make',
      'FROM debian:12\nWORKDIR /src\nRUN --mount=type=bind make',
    ],
  },
  check(context, report) {
    const directories = context.once(workingDirectories);
    for (const { instruction } of context.instructions('RUN')) {
      for (const { name, value, span, valueSpan } of instruction.flags) {
        if (name !== 'mount' || value === undefined || value.includes('$')) continue;
        const read = readMount(value, (text) => text);
        if (read.kind !== 'mount' || !/^(?:bind|cache|tmpfs)$/.test(read.mount.type)) continue;
        const { target = '' } = read.mount;
        // Where the directory is not known, an image may have set it.
        const directory = target.startsWith('/') ? '/' : directories.get(instruction);
        if (directory === undefined || resolvePath(directory, target) !== '/') continue;
        const message = 'this mount names no target, and the working directory is /';
        report({ span: valueSpan ?? span, ...(target === '' ? { message } : {}) });
      }
    }
  },
};
