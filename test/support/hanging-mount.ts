/** A mount at which every look hangs, as at a file server that is gone: FUSE with nobody behind it. Root only. */

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, realpathSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface HangingMount {
  readonly directory: string;
  /** Whoever hangs gets an error. */
  answer(): void;
  /** Does that, and the mount is gone. */
  remove(): void;
}

export function hangingMount(): HangingMount {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'naru-hanging-')));
  const fd = openSync('/dev/fuse', 'r+');
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
  run(['mount', '-i', '-t', 'fuse', '-o', options, 'none', directory], fd);
  let isOpen = true;
  function answer(): void {
    if (isOpen) closeSync(fd);
    isOpen = false;
  }
  return {
    directory,
    answer,
    remove: () => {
      run(['umount', '-l', directory]);
      answer();
      rmdirSync(directory);
    },
  };
}

/** `fd` is 3 there. */
function run([program = '', ...args]: readonly string[], fd?: number): void {
  const { status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe', ...(fd === undefined ? [] : [fd])],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
