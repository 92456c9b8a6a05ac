/**
 * The examples of all rules, cut, joined and sprinkled with what parsers dislike: lint never throws and never takes long.
 * 50,000 texts, a million under --full, or NARU_FUZZ_RUNS. Same texts every time.
 */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { problemFindings } from '../../../core/lint/problems.ts';
import { RULES } from '../../../core/lint/rules/index.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';

const IS_FULL = process.env['NARU_TEST_FULL'] === '1';
const N_RUNS = Number(process.env['NARU_FUZZ_RUNS'] ?? (IS_FULL ? 1_000_000 : 50_000));
const LIMIT_MS = 200;

const SEEDS = RULES.flatMap(({ examples }) => [...examples.bad, ...examples.good]);
const SPICES: readonly string[] = (
  '\\\n|\n|"|\'|`|$|${|$(|$((|<<EOF\n|\nEOF\n|&&|;|{|}|[|]|["|"]|#|# hadolint ignore=|# check=skip=all\n|' +
  '\r\n|\t|\0|\uFEFF|\uD800|=|--mount=type=cache,|--from=|ONBUILD |SHELL ["|:-|@|/|=~|case |do|\\'
).split('|');

describe('lint of mutated files', function () {
  this.timeout(0);

  it(`takes ${N_RUNS} texts`, () => {
    const random = randomNumbers(20_261_121);
    let slowest = { text: '', ms: 0 };
    for (let run = 0; run < N_RUNS; run += 1) {
      const text = mutated(random);
      const ms = lintTime(text);
      if (ms > slowest.ms) slowest = { text, ms };
    }
    // CPU of this process, not the clock; a pause of the collector may fall into any run, so the slowest is asked again.
    const again = slowest.ms > LIMIT_MS ? Math.min(lintTime(slowest.text), lintTime(slowest.text)) : 0;
    assert.ok(again <= LIMIT_MS, `${again} ms for ${JSON.stringify(slowest.text)}`);
  });
});

function lintTime(text: string): number {
  const start = process.cpuUsage();
  const { value, problems } = readDockerfile(text);
  for (const { span, fix } of lintDockerfile(value, 'all')) {
    const spans = [span, ...(fix?.edits.map((edit) => edit.span) ?? [])];
    const isInside = spans.every(({ start: from, end }) => from >= 0 && from <= end && end <= text.length);
    assert.ok(isInside, `a span lies outside of ${JSON.stringify(text)}`);
  }
  problemFindings(value, problems, 'naru');
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

type Random = (below: number) => number;

function mutated(random: Random): string {
  let text = pick(SEEDS, random);
  if (random(3) === 0) text += `\n${pick(SEEDS, random)}`;
  for (let nEdits = 1 + random(4); nEdits > 0; nEdits -= 1) {
    const at = random(text.length + 1);
    const kind = random(4);
    if (kind === 0) text = text.slice(0, at) + pick(SPICES, random) + text.slice(at);
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1 + random(6));
    else if (kind === 2) text = text.slice(at) + text.slice(0, at);
    else text += text.slice(at, at + 40);
  }
  return text;
}

function pick(from: readonly string[], random: Random): string {
  return from[random(from.length)] ?? '';
}

/** xorshift32 */
function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.abs(state) % below;
  };
}
