/**
 * Records the history that BuildKit writes for the Dockerfiles of history-cases.ts into history.json: `node test/golden/plan/record-history.ts`.
 * Needs docker with buildx and the images `busybox` and `busybox:musl`, as the environment configures them; removes what it tags.
 */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { ImageConfig } from '../../../core/oci/image-config.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';
import { writeProject } from '../../conformance/project.ts';
import { HISTORY_CASES } from './history-cases.ts';

const TAG = 'naru-history:recorded';
const cases: Record<string, readonly string[]> = {};
for (const one of HISTORY_CASES) {
  const project = writeProject(one);
  docker(['buildx', 'build', '--network=none', '-t', TAG, ...(one.args ?? []), project.cwd]);
  project.remove();
  const { history = [] } = await configOf(docker(['save', TAG]));
  docker(['rmi', '-f', TAG]);
  cases[one.name] = history
    .filter(({ comment }) => comment === 'buildkit.dockerfile.v0')
    .map(({ created_by: text = '', empty_layer: isEmpty }) => `${isEmpty === true ? '-' : '+'} ${text}`);
}
const version = docker(['version', '-f', '{{.Server.Version}}']).toString().trim();
const golden = { builder: `BuildKit of dockerd ${version}`, cases };
writeFileSync(join(import.meta.dirname, 'history.json'), `${JSON.stringify(golden, undefined, 1)}\n`);

async function configOf(archive: Buffer): Promise<ImageConfig> {
  const members = new Map<string, unknown>();
  for await (const member of readTar(Readable.from([archive]))) {
    if (member.entry.sizeBytes > 1 << 20 || member.entry.kind !== 'file') continue;
    const text = (await readMember(member, 1 << 20)).toString();
    if (text.startsWith('{') || text.startsWith('[')) members.set(member.entry.path, JSON.parse(text));
  }
  const [manifest] = members.get('manifest.json') as readonly { Config: string }[]; // docker's own format
  return members.get(manifest?.Config ?? '') as ImageConfig;
}

function docker(args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(process.env['DOCKER'] ?? 'docker', args, {
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr.toString()}`);
  return stdout;
}
