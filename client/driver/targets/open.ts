/** From what a user writes to a target: '' is the local engine, `unix://PATH` any socket of this machine, everything else an SSH host. */

import { NaruError } from '../../../core/errors.ts';
import { parseSshAddress } from '../ssh/address.ts';
import { openLocalTarget } from './local/local.ts';
import type { Target, TargetOptions } from './target.ts';
import { openUnixTarget } from './unix.ts';

/** @throws NaruError with one sentence when it can't be reached, or the text means nothing */
export async function openTarget(text: string, options: TargetOptions): Promise<Target> {
  if (text === '' || text === 'local') return openLocalTarget(options);
  if (text.startsWith('unix://')) return openUnixTarget(text.slice('unix://'.length));
  if (text.startsWith('/')) return openUnixTarget(text);
  // Half the code of a client is SSH: it is loaded when it is needed.
  const { openSshTarget } = await import('./ssh.ts');
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1];
  if (scheme !== undefined && scheme !== 'ssh') {
    throw new NaruError('invalid-argument', 'E_HOST', `engines can't be reached by ${scheme}://`, {
      hint: 'write unix://PATH, or user@host for a host over SSH',
    });
  }
  return openSshTarget(parseSshAddress(text), options);
}
