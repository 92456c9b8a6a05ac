/**
 * Brings components to a host: only what its store lacks, checked, and visible there only when whole.
 * One command receives, unpacks, checks and moves into place, so what a broken link leaves belongs to a process that has ended:
 * that process takes it away, or the next one that receives something.
 */

import { randomBytes } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';

import { NaruError } from '../../../../core/errors.ts';
import type { SshConnection } from '../connection.ts';
import { shellQuote } from '../host-script.ts';
import type { HostFacts } from '../probe.ts';
import { type Component, packComponent } from './component.ts';

export interface UploadProgress {
  readonly component: Component['name'];
  /** Compressed bytes handed to the link so far. */
  readonly sentBytes: number;
}

/** Unpacked files, and some room to work. */
const SPACE_FACTOR = 1.2;

/**
 * Answers the components that were sent; none when the host has them all.
 *
 * @throws NaruError "unavailable": E_HOST_SPACE (before anything is sent), E_UPLOAD
 */
export async function uploadMissing(
  connection: SshConnection,
  facts: HostFacts,
  components: readonly Component[],
  onProgress: (progress: UploadProgress) => void,
): Promise<readonly Component[]> {
  const missing = components.filter(({ digest }) => !facts.installed.has(digest));
  checkSpace(connection.options.label, facts, missing);
  for (const component of missing) await uploadOne(connection, facts.home, component, onProgress);
  return missing;
}

function checkSpace(host: string, facts: HostFacts, missing: readonly Component[]): void {
  const neededBytes = missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) * SPACE_FACTOR;
  if (missing.length === 0 || (facts.freeBytes >= neededBytes && facts.freeInodes >= 100)) return;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  throw new NaruError(
    'unavailable',
    'E_HOST_SPACE',
    `${host} has ${megabytes(facts.freeBytes)} free where Naru would be installed (${facts.home}), and needs ${megabytes(neededBytes)}`,
    {
      hint: 'free some space there, or name another folder on the host with NARU_HOST_DIRECTORY: the engine there is another one',
    },
  );
}

async function uploadOne(
  connection: SshConnection,
  home: string,
  component: Component,
  onProgress: (progress: UploadProgress) => void,
): Promise<void> {
  const marker = `naru-${randomBytes(8).toString('hex')}`;
  const checksums = component.files.map(({ name }, index) => `${component.fileDigests[index]}:${name}`);
  const command = ['sh', '-c', RECEIVE, 'naru-receive', home, component.digest, checksums.join(' '), marker];
  const archive = counted(packComponent(component), (sentBytes) =>
    onProgress({ component: component.name, sentBytes }),
  );
  try {
    const { stdout, stderr, exitCode } = await connection.exec(
      `exec ${command.map(shellQuote).join(' ')}`,
      archive,
    );
    if (stdout.includes(`${marker}-whole`)) return;
    const said = stderr
      .slice(stderr.indexOf(`${marker}-begin`))
      .trim()
      .split('\n')
      .slice(1);
    const told = said.find((line) => /space left|quota/i.test(line)) ?? said[0];
    throw uploadError(connection, component, told ?? reasonOf(exitCode));
  } finally {
    archive.destroy();
  }
}

/**
 * Arguments: our folder on the host, the component's digest, `sha256:name` of each file, a word to say that all went well.
 * One line without single quotes and exclamation marks, which every login shell passes on as they are.
 * A folder that is there cannot be moved over (rename(2), ENOTEMPTY): whoever comes second leaves the first one's alone.
 */
const RECEIVE = [
  'export LC_ALL=C PATH="$PATH:/usr/local/bin:/usr/bin:/bin"',
  'echo "$4-begin" >&2',
  'umask 077',
  'mkdir -p "$1/store" && cd "$1/store" || exit 1',
  'for d in .part-*; do p=${d##*-}; grep -q naru-receive "/proc/$p/cmdline" 2>/dev/null || rm -rf "$d"; done',
  'part=.part-$2-$$',
  'trap "rm -rf $part" EXIT',
  'trap "exit 1" HUP INT PIPE TERM',
  'umask 022',
  'if [ -d "$2" ]; then echo "$4-whole"; exit 0; fi',
  'mkdir -p "$part/$2" && gzip -dc | tar -xf - -C "$part/$2" || exit 1',
  'for f in $3; do printf "%s  %s\\n" "${f%%:*}" "$part/$2/${f#*:}"; done | sha256sum -c >/dev/null 2>&1 || { echo "it arrived damaged or not whole" >&2; exit 1; }',
  'mv "$part/$2" . 2>/dev/null',
  'if [ -d "$2" ]; then echo "$4-whole"; fi',
].join('; ');

function reasonOf(exitCode: number | undefined): string {
  return exitCode === undefined ? 'the connection was lost' : `the host's shell ended with ${exitCode}`;
}

function counted(source: Readable, onBytes: (total: number) => void): Readable {
  let total = 0;
  const out = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      onBytes(total);
      done(null, chunk);
    },
  });
  source.on('error', (error) => out.destroy(error));
  out.once('close', () => source.destroy());
  return source.pipe(out);
}

function uploadError(connection: SshConnection, component: Component, why: string): NaruError {
  return new NaruError(
    'unavailable',
    'E_UPLOAD',
    `sending ${component.name} to ${connection.options.label} failed: ${why}`,
    {
      hint: `connect again: ${component.name} is then sent from its beginning, and parts that arrived whole are not sent again`,
    },
  );
}
