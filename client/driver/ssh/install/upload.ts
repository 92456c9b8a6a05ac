/**
 * Brings components to a host: only what its store lacks, checked, and visible there only when whole.
 * A link that breaks leaves a `.part-` folder, which a later connection removes.
 */

import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';

import { NaruError } from '../../../../core/errors.ts';
import type { SshConnection } from '../connection.ts';
import { runHostScript, shellQuote } from '../host-script.ts';
import type { HostFacts } from '../probe.ts';
import { type Component, packComponent } from './component.ts';

export interface UploadProgress {
  readonly component: Component['name'];
  /** Compressed bytes handed to the link so far. */
  readonly sentBytes: number;
}

/** Unpacked files, the archive beside them, and some room to work. */
const SPACE_FACTOR = 1.6;

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
      hint: 'free some space there, or choose another folder by NARU_HOST_DIRECTORY',
    },
  );
}

async function uploadOne(
  connection: SshConnection,
  home: string,
  component: Component,
  onProgress: (progress: UploadProgress) => void,
): Promise<void> {
  const part = `${home}/store/.part-${randomBytes(6).toString('hex')}`;
  await runHostScript(
    connection,
    `umask 077; mkdir -p ${shellQuote(part)}
find ${shellQuote(`${home}/store`)} -maxdepth 1 -name '.part-*' -mmin +120 -exec rm -rf {} + 2>/dev/null`,
  );
  const digest = createHash('sha256');
  const archive = counted(packComponent(component), digest, (sentBytes) =>
    onProgress({ component: component.name, sentBytes }),
  );
  const { exitCode, stderr } = await connection.exec(
    `cat > ${shellQuote(`${part}/archive.tar.gz`)}`,
    archive,
  );
  if (exitCode !== 0) throw uploadError(connection, component, stderr.trim());
  const facts = await runHostScript(
    connection,
    finishScript(home, part, component.digest, digest.digest('hex')),
  );
  if (facts.get('uploaded') !== 'yes') throw uploadError(connection, component, facts.get('why') ?? '');
}

/** Checks the archive's digest on the host, unpacks it, and moves the folder into place in one step. */
function finishScript(home: string, part: string, component: string, archive: string): string {
  const target = shellQuote(`${home}/store/${component}`);
  return `umask 022; cd ${shellQuote(part)} || exit 0
sum=$(sha256sum archive.tar.gz | cut -d' ' -f1)
if [ "$sum" != ${archive} ]; then echo "why=the archive arrived damaged"
elif ! { mkdir files && gzip -dc archive.tar.gz | tar -xf - -C files; }; then echo "why=it could not be unpacked"
else mv files ${target} 2>/dev/null; [ -d ${target} ] && echo uploaded=yes; fi
cd / && rm -rf ${shellQuote(part)}`;
}

function counted(
  source: Readable,
  digest: ReturnType<typeof createHash>,
  onBytes: (total: number) => void,
): Readable {
  let total = 0;
  const out = new PassThrough();
  source.on('error', (error) => out.destroy(error));
  out.on('data', (chunk: Buffer) => {
    digest.update(chunk);
    total += chunk.length;
    onBytes(total);
  });
  out.pause();
  return source.pipe(out);
}

function uploadError(connection: SshConnection, component: Component, why: string): NaruError {
  return new NaruError(
    'unavailable',
    'E_UPLOAD',
    `sending ${component.name} to ${connection.options.label} failed${why === '' ? '' : `: ${why}`}`,
    {
      hint: 'connect again: what arrived before is kept',
    },
  );
}
