/**
 * STOPSIGNAL: how containers are asked to stop.
 */

import { readSingle } from './single.ts';
import type { InstructionSpec, ValueSpec } from './spec.ts';

/** Those that programs end at, or are told something by; numbers are those of Linux. */
export const STOP_SIGNALS: readonly (ValueSpec & { readonly number: number })[] = [
  { value: 'SIGTERM', number: 15, summary: 'Asks the program to end. The default.' },
  { value: 'SIGINT', number: 2, summary: 'What Ctrl+C sends; many programs end at once.' },
  {
    value: 'SIGQUIT',
    number: 3,
    summary: 'Ends with a core dump; nginx and php-fpm finish their requests first.',
  },
  { value: 'SIGKILL', number: 9, summary: 'Ends the program at once; it cannot do anything about it.' },
  {
    value: 'SIGHUP',
    number: 1,
    summary: 'The terminal is gone; many servers read their configuration again.',
  },
  { value: 'SIGUSR1', number: 10, summary: 'Means what the program makes of it.' },
  { value: 'SIGUSR2', number: 12, summary: 'Means what the program makes of it.' },
  { value: 'SIGWINCH', number: 28, summary: 'The window changed; Apache finishes its requests and ends.' },
];

export const stopsignal: InstructionSpec = {
  name: 'STOPSIGNAL',
  syntax: ['STOPSIGNAL <signal>'],
  summary:
    'The signal that asks the containers to stop, as name (`SIGTERM`) or number. Without it SIGTERM is sent.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readSingle('STOPSIGNAL', '<signal>', base, context),
};
