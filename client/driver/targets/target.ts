/** Where an engine is and how to reach it. One file per kind; `open.ts` picks by the text a user gives. */

import type { Duplex } from 'node:stream';

import type { Connect } from '../../../local/http/agent.ts';
import type { SshPrompts } from '../ssh/prompts.ts';

export type TargetKind = 'local' | 'unix' | 'ssh';

export interface Target {
  readonly kind: TargetKind;
  /** For people: `local engine`, `root@box`. */
  readonly label: string;
  /** One more stream to the engine's API. */
  readonly connect: Connect;
  /** A stream to a TCP port of the engine's host; undefined where published ports are on this machine already. */
  readonly openPort: ((port: number) => Promise<Duplex>) | undefined;
  /** Settles when the way to the engine is gone; never for sockets of this machine. */
  readonly closed: Promise<void>;
  /** Lets go of the way, never of the engine. */
  readonly dispose: () => Promise<void>;
}

export interface TargetOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly prompts: SshPrompts;
  readonly signal?: AbortSignal;
  /** What is being done, for a status line; not called for what takes no time. */
  readonly onProgress?: (text: string) => void;
  /** Folder on an SSH host instead of `~/.local/share/naru`. */
  readonly hostDirectory?: string;
}
