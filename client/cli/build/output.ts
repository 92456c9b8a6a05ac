/** Writes what a build made to where `--output` says, and `--metadata-file`. */

import { canonicalReference, parseReference } from '../../../core/oci/reference.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { buildArchive, buildFiles } from '../../driver/engine/build-outputs.ts';
import { writeArchive } from '../archive-output.ts';
import type { CliIo } from '../io.ts';
import { formatBytes } from '../units.ts';
import { writeWholeText } from '../whole-file.ts';
import { writeFolder } from './output-folder.ts';
import type { BuildOutput } from './output-flags.ts';

/** `say` is told of each output in one line. @throws NaruError "invalid-argument" for what cannot be written; what the engine throws */
export async function writeOutput(
  engine: EngineConnection,
  build: string,
  output: BuildOutput,
  io: CliIo,
  say: (text: string) => void,
): Promise<void> {
  if (output.kind === 'image' || output.kind === 'nothing') return;
  const { to } = output;
  const open = (): Promise<AsyncIterable<Uint8Array>> =>
    output.kind === 'files'
      ? buildFiles(engine, build, io.signal)
      : buildArchive(engine, build, output.names, io.signal);
  const doing = output.kind === 'files' ? 'exporting' : 'saving';
  switch (to.kind) {
    case 'stdout':
      say(`wrote ${formatBytes(await writeArchive(undefined, open, doing, io))} to stdout`);
      return;
    case 'file':
      say(`wrote ${formatBytes(await writeArchive(to.path, open, doing, io))} to ${to.shown}`);
      return;
    case 'folder': {
      const { nFiles, sizeBytes, nLeftOut } = await writeFolder(to, await open(), doing, io);
      say(`wrote ${nFiles} ${nFiles === 1 ? 'file' : 'files'}, ${formatBytes(sizeBytes)}, to ${to.shown}`);
      if (nLeftOut > 0) say(`warning: ${leftOut(nLeftOut)} not written: only type=tar holds them`);
    }
  }
}

function leftOut(count: number): string {
  return count === 1 ? '1 device or pipe is' : `${count} devices or pipes are`;
}

/** What buildx writes for one image (0.29.1); nothing of one where only files were made. */
export async function writeMetadata(path: string, image: string, tags: readonly string[]): Promise<void> {
  // Docker: whole names, but no tag where none was given.
  const whole = tags.map((tag) => canonicalReference(parseReference(tag)));
  const names = whole.length === 0 ? {} : { 'image.name': whole.join(',') };
  const digests = { 'containerimage.config.digest': image, 'containerimage.digest': image };
  const metadata = image === '' ? {} : { ...digests, ...names };
  await writeWholeText(path, `${JSON.stringify(metadata, undefined, 2)}\n`);
}
