/** DL3019: apk add that keeps its index. */

import { insertBehind } from '../insertion.ts';
import { hasVolatileMount, isMountedOver, runsWith } from '../runs.ts';
import { argumentOf, hasFlag, isCall } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3019: Rule = {
  id: 'DL3019',
  family: 'hadolint',
  severity: 'info',
  message: 'use --no-cache',
  why: 'apk keeps the index of packages in the layer unless it is told not to.',
  examples: {
    bad: ['FROM alpine:3.20\nRUN apk add curl=8.9.0-r0'],
    good: ['FROM alpine:3.20\nRUN apk add --no-cache curl=8.9.0-r0'],
  },
  check(context, report) {
    for (const { commands, run } of runsWith(context, 'apk')) {
      if (hasVolatileMount(run, '/var/cache/apk')) continue;
      if (!context.followsHadolint && isMountedOver(run, CACHES)) continue;
      for (const command of commands) {
        const add = isCall(command, 'apk', ['add']) ? argumentOf(command, ['add']) : undefined;
        if (add === undefined || hasFlag(command, ['no-cache'])) continue;
        // Then no index is fetched.
        if (hasFlag(command, ['no-network'])) report({ span: add.span, only: 'tool' });
        else report({ span: add.span, fix: insertBehind(add, '--no-cache') });
      }
    }
  },
};

/** Where apk keeps packages and indexes; the first, when it is there. */
const CACHES: readonly string[] = ['/etc/apk/cache', '/var/cache/apk'];
