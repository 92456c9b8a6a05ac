/**
 * Why a command could not be run, in the words Docker's clients look for (docker CLI 28 maps them to exit codes 126 and 127).
 * crun's own texts: libcrun `executable file … not found in $PATH` and strerror(3).
 */

import { NaruError } from '../../core/errors.ts';

export interface StartFailure {
  readonly error: NaruError;
  /** What `docker inspect` shows as the exit code of the container that never ran. */
  readonly exitCode: 126 | 127 | 128;
}

/** `message` is crun's text; `command` the first argument that was to be run. */
export function startFailure(message: string, command: string): StartFailure {
  const reason = reasonOf(message, command);
  const text = `failed to create task for container: failed to create shim task: OCI runtime create failed: crun create failed: unable to start container process: ${reason.text}`;
  const kind = reason.exitCode === 128 ? 'internal' : 'invalid-argument';
  return { error: new NaruError(kind, 'E_START', text), exitCode: reason.exitCode };
}

/** What an exec ends with when its command cannot be run. */
export interface ExecFailure {
  readonly text: string;
  readonly exitCode: number;
}

/** `message` is crun's text; `command` the first argument that was to be run. */
export function execFailure(message: string, command: string): ExecFailure {
  const reason = reasonOf(message, command);
  const text = `OCI runtime exec failed: exec failed: unable to start container process: ${reason.text}`;
  return { text, exitCode: reason.exitCode };
}

function reasonOf(
  message: string,
  command: string,
): { readonly text: string; readonly exitCode: 126 | 127 | 128 } {
  const quoted = JSON.stringify(command);
  const stat = `exec: ${quoted}: stat ${command}: no such file or directory`;
  const chdir = /chdir to `([^]*)`: (.*)/.exec(message);
  if (chdir !== null) {
    const why = (chdir[2] ?? '').toLowerCase();
    const exitCode = why.includes('no such file') ? 127 : why.includes('permission denied') ? 126 : 128;
    return { text: `chdir to cwd (${JSON.stringify(chdir[1])}) set in config.json failed: ${why}`, exitCode };
  }
  if (/executable file .*not found|cannot find `` in \$PATH/i.test(message)) {
    const text = command.includes('/') ? stat : `exec: ${quoted}: executable file not found in $PATH`;
    return { text, exitCode: 127 };
  }
  if (/(exec|open executable)[^:]*: .*No such file/i.test(message)) return { text: stat, exitCode: 127 };
  if (/is a directory|is not a regular file/i.test(message))
    return { text: `exec: ${quoted}: is a directory`, exitCode: 126 };
  if (/(exec|executable)[^]*Permission denied|exists but it is not executable/i.test(message)) {
    return { text: `exec: ${quoted}: permission denied`, exitCode: 126 };
  }
  if (/exec format error/i.test(message))
    return { text: `exec ${command}: exec format error`, exitCode: 126 };
  return { text: message.trim(), exitCode: 128 };
}
