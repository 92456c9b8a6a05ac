/** NR001: the whole context is copied before dependencies are installed. */

import type { CopyInstruction, Stage, Word } from '../../dockerfile/types.ts';
import { manifestOf } from '../installers.ts';
import type { Rule } from '../rule.ts';
import { parentStages } from '../stage-graph.ts';

export const NR001: Rule = {
  id: 'NR001',
  family: 'naru',
  severity: 'warning',
  message: 'copy the manifest and install dependencies before copying the rest',
  why: 'Any change in the context makes COPY run again and everything after it, so that dependencies are installed anew for every edit. Copy the files that name the dependencies, install them, then copy the rest.',
  examples: {
    bad: ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci'],
    good: ['FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .'],
  },
  check(context, report) {
    const parents = context.once(parentStages);
    // Installed before the context is copied; what is installed behind it is the project itself, or little.
    const installed = new Map<Stage | undefined, Set<string>>();
    let copied: Word[] = [];
    for (const { instruction, stage } of context.instructions('FROM', 'COPY', 'ADD', 'RUN')) {
      if (instruction.name === 'FROM') {
        copied = [];
        const parent = stage === undefined ? undefined : parents.get(stage);
        installed.set(stage, new Set(installed.get(parent)));
      }
      if (instruction.name === 'COPY' || instruction.name === 'ADD')
        copied.push(...wholeContext(instruction));
      if (instruction.name !== 'RUN') continue;
      const { commands } = context.shellOf(instruction);
      const manifests = commands.flatMap((command) => manifestOf(command) ?? []);
      if (copied.length === 0) for (const manifest of manifests) installed.get(stage)?.add(manifest);
      const manifest = manifests.find((one) => installed.get(stage)?.has(one) !== true);
      if (copied.length === 0 || manifest === undefined) continue;
      const message = `copy ${manifest} and install dependencies before copying everything`;
      for (const { span } of copied) report({ span, message });
      copied = [];
    }
  },
};

function wholeContext({ flags, sources }: CopyInstruction): readonly Word[] {
  if (flags.some(({ name }) => name === 'from')) return [];
  return sources.filter(({ text }) => /^(?:\.|\.\/|\/|\*|\.\/\*)$/.test(text)).slice(0, 1);
}
