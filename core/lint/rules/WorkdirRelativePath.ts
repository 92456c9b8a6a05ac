/** WorkdirRelativePath: the first WORKDIR of a stage is relative. */

import { goQuote } from '../../dockerfile/go-quote.ts';
import type { Stage } from '../../dockerfile/types.ts';
import { parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const WorkdirRelativePath: Rule = {
  id: 'WorkdirRelativePath',
  family: 'buildkit',
  severity: 'warning',
  message:
    'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
  why: 'The path is added to the working directory of the base image, which can change with its next version. After an absolute WORKDIR a relative one is fine.',
  examples: {
    bad: ['FROM debian:12\nWORKDIR app'],
    good: ['FROM debian:12\nWORKDIR /app\nWORKDIR bin'],
  },
  aliases: ['DL3000'],
  check({ dockerfile, evaluated }, report) {
    const parents = parentStages(dockerfile);
    const withWorkdir = new Set<Stage>();
    for (const { at, instruction, os, stage, words } of evaluated()) {
      const [path] = words;
      if (instruction.name !== 'WORKDIR' || path === undefined) continue;
      const isFirst = !hasWorkdir(stage, withWorkdir, parents);
      withWorkdir.add(stage);
      if (!isFirst || isAbsolute(path.text, os)) continue;
      const message = `Relative workdir ${goQuote(path.text)} can have unexpected results if the base image changes`;
      report({ span: path.span, toolLine: at.line, silencedAt: instruction, message });
    }
  },
};

function hasWorkdir(stage: Stage, known: ReadonlySet<Stage>, parents: ReadonlyMap<Stage, Stage>): boolean {
  for (let at: Stage | undefined = stage; at !== undefined; at = parents.get(at)) {
    if (known.has(at)) return true;
  }
  return false;
}

/** On Windows the drive does not count and both slashes do. */
function isAbsolute(path: string, os: string): boolean {
  return os === 'windows' ? /^(?:[cC]:)?[/\\]/.test(path) : path.startsWith('/');
}
