/** InvalidBaseImagePlatform: a base image of another platform than the build asks for. */

import { expand } from '../../dockerfile/expansion.ts';
import { goQuote } from '../../dockerfile/go-quote.ts';
import type { Dockerfile, FromInstruction } from '../../dockerfile/types.ts';
import { globalVariables } from '../evaluation.ts';
import { platformOf } from '../platform-name.ts';
import type { Rule } from '../rule.ts';

export const InvalidBaseImagePlatform: Rule = {
  id: 'InvalidBaseImagePlatform',
  family: 'buildkit',
  severity: 'warning',
  message: 'Base image platform does not match expected target platform',
  why: 'The image runs under emulation, or not at all. Speaks only when the platform of the image is known.',
  examples: {
    bad: [],
    good: ['FROM debian:12'],
  },
  check({ dockerfile, options }, report) {
    for (const { from } of dockerfile.stages) {
      const actual = options.baseImages?.get(from.image?.text ?? '')?.platform;
      if (from.image === undefined || actual === undefined) continue;
      const expected = expectedPlatform(dockerfile, from);
      if (expected === undefined || osAndArchitecture(expected) === osAndArchitecture(actual)) continue;
      const message = `Base image ${from.image.text} was pulled with platform ${goQuote(actual)}, expected ${goQuote(expected)} for current build`;
      report({ span: from.image.span, toolLine: from.line, message });
    }
  },
};

function expectedPlatform(dockerfile: Dockerfile, from: FromInstruction): string | undefined {
  const globals = globalVariables(dockerfile);
  const flag = from.flags.find(({ name }) => name === 'platform')?.value ?? '$TARGETPLATFORM';
  const { escape } = dockerfile;
  const platform = platformOf(expand(flag, { escape, lookup: (name) => globals.get(name) }).text);
  if (platform === undefined) return undefined;
  const { architecture, os, variant } = platform;
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

function osAndArchitecture(platform: string): string {
  return platform.split('/').slice(0, 2).join('/');
}
