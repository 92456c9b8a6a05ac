/** NR115: COPY of an address. */

import { readRemoteSource } from '../../build/remote-source.ts';
import type { Word } from '../../dockerfile/types.ts';
import { evaluated } from '../evaluation.ts';
import type { Report, Rule } from '../rule.ts';

export const NR115: Rule = {
  id: 'NR115',
  family: 'naru',
  severity: 'error',
  message: 'COPY takes no address: use ADD',
  why: 'COPY takes files from the context, a stage or an image. What lies behind a URL or in a git repository is fetched by ADD; with COPY the build ends.',
  examples: {
    bad: ['FROM debian:12\nCOPY https://example.com/tool /usr/local/bin/'],
    good: ['FROM debian:12\nADD https://example.com/tool /usr/local/bin/'],
  },
  check(context, report) {
    for (const { at, instruction, words } of evaluated(context, 'COPY')) {
      for (const found of addresses(words)) report({ ...found, toolLine: at.line, silencedAt: instruction });
    }
    for (const { instruction } of context.instructions('ONBUILD')) {
      const { trigger } = instruction;
      if (trigger?.name !== 'COPY') continue;
      for (const found of addresses(trigger.sources)) report({ ...found, only: 'naru' }); // another build runs it
    }
  },
};

function addresses(words: readonly Word[]): readonly Report[] {
  return words.flatMap(({ span, text }) => {
    const source = readRemoteSource(text);
    if (source === undefined) return [];
    const what = source.kind === 'http' ? 'a URL' : 'a git ref';
    return [{ span, message: `source can't be ${what} for COPY: use ADD` }];
  });
}
