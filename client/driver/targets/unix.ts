/** A socket of this machine: Naru's engine, Docker or Podman. */

import { unixConnect } from '../../../local/http/unix.ts';
import type { Target } from './target.ts';

/** Nothing is tried yet: the first connection tells whether somebody answers. */
export function openUnixTarget(path: string): Target {
  return {
    kind: 'unix',
    label: `unix://${path}`,
    connect: unixConnect(path),
    openPort: undefined,
    closed: new Promise(() => undefined),
    dispose: async () => undefined,
  };
}
