/** NR008: the newest version of something is downloaded. */

import type { Rule } from '../rule.ts';
import { programsNamed } from '../runs.ts';

export const NR008: Rule = {
  id: 'NR008',
  family: 'naru',
  severity: 'info',
  message: 'name the version to download',
  why: 'The address stays the same while its content changes: the same Dockerfile gives different images, and the cache keeps an old version without saying so.',
  examples: {
    bad: ['FROM debian:12\nRUN curl -fsSLO https://example.com/tool/releases/latest/download/tool.tar.gz'],
    good: ['FROM debian:12\nRUN curl -fsSLO https://example.com/tool/releases/download/v1.2/tool.tar.gz'],
  },
  check(context, report) {
    for (const { args } of programsNamed(context, 'curl', 'wget')) {
      for (const { span, value } of args) if (LATEST.test(value)) report({ span });
    }
    for (const { instruction } of context.instructions('ADD')) {
      for (const { span, text } of instruction.sources) if (LATEST.test(text)) report({ span });
    }
  },
};

/** In the path of an address, as a word of its own; an address that asks for the name of the latest version is fine. */
const LATEST = /^["']?https?:\/\/(?!api\.)[^?#]*[/_.-]latest(?:[/_.-]|["']?$)/i;
