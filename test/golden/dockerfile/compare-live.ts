/**
 * Made-up Dockerfiles of hostile shape, read by us and by a real BuildKit: the same are refused, with the same line and text,
 * and the accepted ones have their instructions on the same lines.
 * `DOCKER_HOST=unix:///… node test/golden/dockerfile/compare-live.ts [seed] [count]`; exit code 1 if any differ.
 * Keywords are written in mixed case so that BuildKit's ConsistentInstructionCasing check names the line of each.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { randomNumbers } from './random-numbers.ts';

interface Verdict {
  /** What was refused first, or null. */
  readonly error: string | null;
  /** 1-based lines of instructions. */
  readonly lines: readonly number[];
}

const HEADS = [
  '# escape=`\n',
  '# escape=\\\n',
  '# c\n',
  '\n',
  '\uFEFF',
  '#!/x\n',
  '# check=skip=A\n',
  '#\tcheck = skip=A \r\n',
];
const BREAKS = ['\n', '\n', '\n', '\r\n', '\n\n', '\n# c\n', '\n  # c \\\n'];
const JOINTS = [
  ' ',
  '  ',
  ' \\\n',
  '\\\n',
  ' \\ \t\n  ',
  ' \\\r\n',
  ' \\\n# c\n',
  ' \\\n\n',
  ' \\\n  # c\n\t',
  ' `\n',
  '\\\\',
  '\t',
  ' \\\\\n',
];
const KEYWORDS = [
  'rUN',
  'rUN a',
  'rUN',
  'rUN <<E',
  'cOPY a b',
  'cOPY <<E /a',
  'aDD a b',
  'eNV k=v',
  'eNV k v',
  'lABEL k=v',
  'aRG a',
  'uSER a',
  'wORKDIR /a',
  'vOLUME /a',
  'cMD',
  'eNTRYPOINT',
  'sHELL ["a"]',
  'hEALTHCHECK CMD a',
  'oNBUILD rUN',
  'oNBUILD cOPY a',
  'mAINTAINER a',
  'fROM scratch AS a',
  'fOO',
  'uSER',
];
const WORDS = [
  'a',
  'b=c',
  '"d e"',
  "'f g'",
  '$x',
  '${y:-z}',
  '80',
  '/p',
  '[]',
  '["h"]',
  '["i", "j"]',
  '["k", 1]',
  '--',
  '--link',
  '--chown=1',
  '--mount=type=cache,target=/c',
  '<<E',
  '<<-E',
  '3<<"E"',
  '<<<w',
  '$((1<<2))',
  '\\',
  '`',
  '"',
  "'",
  '#',
  '&&',
  'CMD',
  'NONE',
  '\\$q',
  'é',
  '\u00a0',
  '=',
  '--network=none',
  '"<<E"',
  '<<',
  '< <E',
];
const BODIES = ['', 'E\n', 'x\nE\n', 'x\n\tE\n', ' E\n', '# c\nE\n', 'x \\\nE\n', 'E\r\n'];

const [seed = '1', count = '200'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'naru-compare-'));
let nDifferent = 0;
let nRefused = 0;
try {
  const random = randomNumbers(Number(seed));
  for (let index = 0; index < Number(count); index += 1) {
    const text = makeFile(random);
    const theirs = askBuildkit(text);
    const ours = readOurs(text, theirs);
    nRefused += theirs.error === null ? 0 : 1;
    if (JSON.stringify(ours) === JSON.stringify(theirs)) continue;
    nDifferent += 1;
    console.log(
      `${JSON.stringify(text)}\n  ours   ${JSON.stringify(ours)}\n  theirs ${JSON.stringify(theirs)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${count} files, ${nRefused} refused, ${nDifferent} read differently`);
process.exitCode = nDifferent === 0 ? 0 : 1;

function pick(random: (below: number) => number, from: readonly string[]): string {
  return from[random(from.length)] ?? '';
}

function makeFile(random: (below: number) => number): string {
  let text = random(3) === 0 ? pick(random, HEADS) : '';
  text += 'fROM scratch\n';
  for (let nInstructions = 1 + random(4); nInstructions > 0; nInstructions -= 1) {
    text += random(8) === 0 ? ' ' : '';
    text += pick(random, KEYWORDS);
    for (let nWords = random(4); nWords > 0; nWords -= 1) text += pick(random, JOINTS) + pick(random, WORDS);
    text += pick(random, BREAKS);
    if (random(4) === 0) text += pick(random, BODIES);
  }
  return text;
}

function askBuildkit(text: string): Verdict {
  writeFileSync(join(folder, 'Dockerfile'), text);
  const args = ['buildx', 'build', '--progress=quiet', '--call=check,format=json', folder];
  const { stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  const start = stdout.indexOf('{');
  if (start < 0) return { error: /^ERROR: (.*)$/m.exec(stderr)?.[1] ?? stderr, lines: [] };
  // The shape of buildx's lint answer, as far as it is used.
  const answer = JSON.parse(stdout.slice(start)) as {
    warnings?: { ruleName: string; location?: { ranges?: { start: { line: number } }[] } }[];
    buildError?: { message: string };
  };
  const bare = answer.buildError?.message ?? null;
  const lines = (answer.warnings ?? [])
    .filter(({ ruleName }) => ruleName === 'ConsistentInstructionCasing')
    .flatMap(({ location }) => location?.ranges?.[0]?.start.line ?? []);
  const unique = [...new Set(lines)].sort((left, right) => left - right);
  return bare === null ? { error: null, lines: unique } : { error: bare, lines: [] };
}

/** Our reading in the shape of theirs; of several errors the one that BuildKit names, if we have it. */
function readOurs(text: string, theirs: Verdict): Verdict {
  const { value, problems } = readDockerfile(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (first === undefined) {
    const lines = value.instructions.map(({ line }) => line + 1);
    return { error: null, lines: [...new Set(lines)] };
  }
  const same = errors.find(({ message }) => theirs.error?.includes(message));
  if (same === undefined) return { error: first.message, lines: [] };
  const holder = value.instructions.find(
    ({ span }) => span.start <= same.span.start && same.span.end <= span.end,
  );
  const line = (holder?.line ?? 0) + 1;
  const named = /parse error on line (\d+)/.exec(theirs.error ?? '')?.[1];
  const isSameLine = named === undefined || Number(named) === line;
  return { error: isSameLine ? theirs.error : `line ${line}: ${same.message}`, lines: [] };
}
