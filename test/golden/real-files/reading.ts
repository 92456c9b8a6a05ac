/** A Dockerfile as BuildKit's parser reads it and as ours does, in one shape: its stages, and its instructions with the lines they take. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Instruction } from '../../../core/dockerfile/types.ts';

export interface Reading {
  /** `line base [AS name] [ON platform]`, variables as they are written. */
  readonly stages: readonly string[];
  /** `KEYWORD first-last`, separated by blanks, ARGs above the first stage included; lines are 1-based. */
  readonly instructions: string;
}

/** Ours. @throws Error with all that is refused */
export function readOurs(text: string): Reading {
  const { value, problems } = readDockerfile(text);
  const refused = problems.filter(({ severity }) => severity === 'error');
  if (refused.length > 0) throw new Error(refused.map(({ message }) => message).join('\n'));
  const stages = value.stages.map(({ name, from }) => {
    const platform = from.flags.find((flag) => flag.name === 'platform')?.value;
    return stageText(from.line + 1, { base: from.image?.text ?? '', name: name ?? '', platform });
  });
  const lastLine = ({ span }: Instruction): number => value.lines.positionAt(span.end).line + 1;
  return {
    stages,
    instructions: value.instructions
      .map((one) => `${one.keyword.toUpperCase()} ${one.line + 1}-${lastLine(one)}`)
      .join(' '),
  };
}

/**
 * BuildKit's, asked through `docker buildx`; no image is needed. `folder` takes a Dockerfile.
 * `--parents` is left out: the frontend inside dockerd 28.5.2 does not know it, files that use it name a newer one.
 * Stages are those of `--call=targets`. Instructions are those that `--call=check` finds oddly cased when every word that could be a keyword is (`rUN`), behind a stage of their own, because it looks at no ARG above the first one.
 * @throws Error with buildx's words when the file is refused
 */
export async function readTheirs(text: string, folder: string): Promise<Reading> {
  const { lines, nTaken } = withoutSyntax(text.replaceAll(/ --parents(?=\s)/g, '').split('\n'));
  const found = decodeTargets(await ask('targets', lines, folder));
  const stages = found.map(({ line, ...stage }) => stageText(line + nTaken, stage));
  const first = lines.findIndex((line) => !/^\s*(?:#|$)/.test(line.replace(/^\uFEFF/, '')));
  const odd = lines.map(oddlyCased).toSpliced(first, 0, 'fROM scratch');
  const instructions = decodeCasings(await ask('check', odd, folder))
    .slice(1)
    .map(({ keyword, start, end }) => `${keyword} ${start - 1 + nTaken}-${end - 1 + nTaken}`)
    .join(' ');
  return { stages, instructions };
}

const KEYWORD =
  /^(\s*)(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?=\s)/i;

function oddlyCased(line: string): string {
  return line.replace(
    KEYWORD,
    (_, blank: string, word: string) =>
      `${blank}${word.slice(0, 1).toLowerCase()}${word.slice(1).toUpperCase()}`,
  );
}

/** `# syntax=` names a frontend image, which would be pulled. */
function withoutSyntax(lines: readonly string[]): {
  readonly lines: readonly string[];
  readonly nTaken: number;
} {
  const end = lines.findIndex((line) => !/^#\s*[a-zA-Z]\w*\s*=/.test(line));
  const at = lines.slice(0, end).findIndex((line) => /^#\s*syntax\s*=/i.test(line));
  return at < 0 ? { lines, nTaken: 0 } : { lines: lines.toSpliced(at, 1), nTaken: 1 };
}

function stageText(
  line: number,
  {
    base,
    name,
    platform,
  }: { readonly base: string; readonly name: string; readonly platform: string | undefined },
): string {
  return `${line} ${base}${name === '' ? '' : ` AS ${name}`}${platform === undefined ? '' : ` ON ${platform}`}`;
}

async function ask(call: 'targets' | 'check', lines: readonly string[], folder: string): Promise<unknown> {
  writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
  // What a file says about checks itself does not count.
  const check = ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=skip=none'];
  const argv = ['buildx', 'build', '--progress=quiet', `--call=${call},format=json`, ...check, folder];
  const { stdout } = await promisify(execFile)('docker', argv, { maxBuffer: 50_000_000 }).catch(
    // Exit code 1 where checks find something.
    (failed: { readonly stdout: string; readonly stderr: string }) => {
      if (failed.stdout.includes('{')) return failed;
      throw new Error(failed.stderr);
    },
  );
  return JSON.parse(stdout.slice(stdout.indexOf('{')));
}

interface Ranges {
  readonly location: { readonly ranges: readonly { start: { line: number }; end: { line: number } }[] };
}

/** BuildKit's frontend/subrequests/targets, as far as it is used. */
function decodeTargets(answer: unknown): readonly {
  readonly line: number;
  readonly name: string;
  readonly base: string;
  readonly platform: string | undefined;
}[] {
  const { targets } = answer as {
    targets: readonly ({ name?: string; base: string; platform?: string } & Ranges)[];
  };
  return targets.map(({ name = '', base, platform, location }) => ({
    line: location.ranges[0]?.start.line ?? 0,
    name,
    base,
    platform,
  }));
}

/** BuildKit's frontend/subrequests/lint, as far as it is used; in the order of the file. */
function decodeCasings(
  answer: unknown,
): readonly { readonly keyword: string; readonly start: number; readonly end: number }[] {
  const { warnings = [] } = answer as {
    warnings?: readonly ({ ruleName: string; detail: string } & Ranges)[];
  };
  return warnings
    .filter(({ ruleName }) => ruleName === 'ConsistentInstructionCasing')
    .map(({ detail, location }) => ({
      keyword: (/^Command '(\w+)'/.exec(detail)?.[1] ?? '').toUpperCase(),
      start: location.ranges[0]?.start.line ?? 0,
      end: location.ranges.at(-1)?.end.line ?? 0,
    }))
    .toSorted((a, b) => a.start - b.start);
}
