/** A conformance case planned in memory, with the flags read as the command line reads them. Nothing runs: only what a plan says of it can be compared. */

import { Command } from 'commander';

import { buildOptionsOf } from '../../../client/cli/build/build-options.ts';
import { addBuildFlags, type BuildFlags } from '../../../client/cli/build/flags.ts';
import { lookupPlan } from '../../../core/build/lookup.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { problemsOfBuild } from '../../../core/build/reading-problems.ts';
import { type PreparedVertex, preparePlan } from '../../../core/build/requests.ts';
import type { Plan } from '../../../core/build/types.ts';
import { contextTree } from '../../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import type { ImageRunConfig } from '../../../core/oci/image-config.ts';
import type { Problem } from '../../../core/source.ts';
import type { CaseFile, CaseFiles, ConformanceCase } from '../../conformance/conformance-case.ts';
import { MemoryCache } from '../../unit/build/memory-builder.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const ORIGIN = 'http://127.0.0.1:1';

/** Of the images that conformance cases stand on. */
const BUSYBOX: ImageRunConfig = {
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  Cmd: ['sh'],
};

/** Of the image `triggers`. */
const TRIGGERS = ['ARG FROM_TRIGGER=1', 'COPY *.txt /t/', 'RUN  made by --trigger', 'ADD --chown=1 a.txt /u'];

export interface PlannedCase {
  readonly plan: Plan | undefined;
  readonly prepared: readonly PreparedVertex[];
  /** Of reading and planning, in the order in which they end a build. */
  readonly problems: readonly Problem[];
  readonly errors: readonly Problem[];
  readonly planProblems: readonly Problem[];
  readonly lineOf: (offset: number) => number;
}

export async function planCase(one: ConformanceCase): Promise<PlannedCase> {
  const { value: dockerfile, problems } = readDockerfile(one.dockerfile.replaceAll('{origin}', ORIGIN));
  const planned = await planBuild(dockerfile, optionsOf(one), async (reference, platform) => {
    const [name = '', tag = 'latest'] = reference.replace('docker.io/library/', '').split(':');
    if (name !== 'busybox' && name !== 'triggers') return undefined;
    const onBuild = name === 'triggers' ? { OnBuild: TRIGGERS } : {};
    const config = { ...BUSYBOX, Labels: { 'naru.stand-in': `${name}:${tag}` }, ...onBuild };
    const rootfs = { type: 'layers', diff_ids: [digestOf(tag)] } as const;
    return {
      reference,
      digest: digestOf(reference),
      config: { ...platform, config, rootfs },
      isLocal: true,
      pullBytes: 0,
    };
  });
  const ignore = one.files?.['.dockerignore'];
  const tree = contextTree(
    memoryTree(memoryFiles(one)),
    readIgnoreFile(typeof ignore === 'string' ? ignore : '').value.matcher,
  );
  const options = { project: 'p', contexts: (name: string) => (name === '' ? tree : undefined) };
  const prepared =
    planned.value === undefined ? [] : [...(await preparePlan(planned.value, options)).values()];
  // Every plan can be looked up: nothing in an empty cache.
  await lookupPlan(
    prepared.map(({ request }) => request),
    new MemoryCache(),
  );
  const all = problemsOfBuild(problems, planned.problems, dockerfile, planned.value?.skipped ?? []);
  return {
    plan: planned.value,
    prepared,
    problems: all,
    errors: all.filter(({ severity }) => severity === 'error'),
    planProblems: planned.problems,
    lineOf: (offset) => dockerfile.lines.positionAt(offset).line + 1,
  };
}

function optionsOf(one: ConformanceCase): ReturnType<typeof buildOptionsOf> {
  const command = addBuildFlags(new Command());
  const args = (one.args ?? []).map((text) => text.replaceAll('{origin}', ORIGIN));
  command.option('--pull').parse([...args, '.'], { from: 'user' });
  return buildOptionsOf(command.opts<BuildFlags>(), PLATFORM, one.env ?? {});
}

function memoryFiles({ files = {}, dockerfile }: ConformanceCase): Readonly<Record<string, MemoryFile>> {
  const inside = Object.entries({ Dockerfile: dockerfile, ...files }).filter(
    ([path]) => !path.startsWith('../'),
  );
  return Object.fromEntries(inside.map(([path, file]) => [path, memoryFile(file, files)]));
}

function memoryFile(file: CaseFile, files: CaseFiles): MemoryFile {
  if (typeof file === 'string') return { content: file };
  if ('hardLink' in file) return memoryFile(files[file.hardLink] ?? '', files);
  if (!('base64' in file)) return file;
  const { base64, ...rest } = file;
  return { ...rest, content: Buffer.from(base64, 'base64') };
}
