/** The variables of a Dockerfile that the commands of an instruction use, by reading them as its shell does. */

import type { ShellReferences } from '../dockerfile/symbols.ts';
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import { readNameUses } from './shell/name-uses.ts';
import type { ScriptReader } from './shell/parsed-script.ts';
import { readArrayScript, readRunScript } from './shell/run-script.ts';
import { readShell, type ShellScript } from './shell/script.ts';

/** Undefined for what no shell is given to run, and for scripts that are not understood or are not for a POSIX shell. */
export function shellReferences({ escape, text }: Dockerfile, read: ScriptReader): ShellReferences {
  return (instruction) => {
    // A file with the other escape character is for the shells of Windows.
    if (escape !== '\\' || !text.includes('$', instruction.span.start)) return undefined;
    const script = scriptOf(instruction, text, read);
    const uses = script && readNameUses(script);
    return uses?.flatMap(({ name, origin, span }) => {
      if (origin === 'own') return [];
      return [{ name, span, ...(origin === 'unsure' ? { isUnsure: true as const } : {}) }];
    });
  };
}

function scriptOf(instruction: Instruction, source: string, read: ScriptReader): ShellScript | undefined {
  const { name } = instruction;
  if (name !== 'RUN' && name !== 'CMD' && name !== 'ENTRYPOINT' && name !== 'HEALTHCHECK') return undefined;
  const { command, rest } = instruction;
  if (command === undefined) return undefined;
  if (command.kind === 'exec') return readArrayScript(command.words, rest, read);
  // Of a health check, the CMD in front is a word like any other.
  return name === 'RUN' ? readRunScript(instruction, source, read) : readShell(rest, read);
}
