/** Arguments that exist before the first FROM: platform arguments, and the ARGs of the preamble with their defaults or the caller's values. */

import { expand } from '../dockerfile/expansion.ts';
import { goQuote } from '../dockerfile/go-quote.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Problem } from '../source.ts';

import type { BuildOptions } from './options.ts';

/** Predefined by Docker: usable by RUN without ARG and left out of cache keys then. */
export const PROXY_ARGS: readonly string[] = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'FTP_PROXY',
  'ftp_proxy',
  'NO_PROXY',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
];

/** Later ARGs see earlier ones; faults of expansion go to `problems`. */
export function globalArgs(
  dockerfile: Dockerfile,
  options: BuildOptions,
  problems: Problem[],
): ReadonlyMap<string, string> {
  const values = platformArgs(dockerfile, options);
  for (const instruction of dockerfile.preamble) {
    if (instruction.name !== 'ARG') continue;
    for (const { key, value } of instruction.variables) {
      const given = options.buildArgs.get(key.text);
      if (given !== undefined) {
        values.set(key.text, given);
        continue;
      }
      if (value === undefined) continue;
      const expansion = expand(value.text, {
        escape: dockerfile.escape,
        lookup: (name) => values.get(name),
      });
      if (expansion.fault !== undefined) {
        const message = `failed to process ${goQuote(value.text)}: ${expansion.fault.message}`;
        problems.push({ code: 'E_EXPANSION', severity: 'error', message, span: value.span });
      }
      values.set(key.text, expansion.text);
    }
  }
  return values;
}

function platformArgs(dockerfile: Dockerfile, options: BuildOptions): Map<string, string> {
  const { platform, buildPlatform } = options;
  const values = new Map([
    ['BUILDPLATFORM', formatPlatform(buildPlatform)],
    ['BUILDOS', buildPlatform.os],
    ['BUILDOSVERSION', ''],
    ['BUILDARCH', buildPlatform.architecture],
    ['BUILDVARIANT', buildPlatform.variant ?? ''],
    ['TARGETPLATFORM', formatPlatform(platform)],
    ['TARGETOS', platform.os],
    ['TARGETOSVERSION', ''],
    ['TARGETARCH', platform.architecture],
    ['TARGETVARIANT', platform.variant ?? ''],
    ['TARGETSTAGE', options.target ?? dockerfile.stages.at(-1)?.name ?? 'default'],
  ]);
  for (const name of values.keys()) {
    const given = options.buildArgs.get(name);
    if (given !== undefined) values.set(name, given);
  }
  return values;
}
