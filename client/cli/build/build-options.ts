/** What the flags of a build and of a preview mean (flags.ts). */

import {
  type BuildOptions,
  defaultBuildOptions,
  type Entitlement,
  ENTITLEMENTS,
} from '../../../core/build/options.ts';
import { NaruError } from '../../../core/errors.ts';
import { parsePlatform, type Platform } from '../../../core/oci/platform.ts';
import { epochOption } from '../../../core/source-date-epoch.ts';
import { parseExtraHost } from '../parse/addresses.ts';
import { parseAssignments, parseBytes } from '../parse/quantity.ts';
import { parseUlimit } from '../parse/ulimit.ts';
import { readAgentFlag } from './agent-flag.ts';
import type { BuildFlags } from './flags.ts';
import { readBuildContexts } from './named-contexts.ts';
import { readSecretFlag } from './secrets.ts';

/** @throws NaruError "invalid-argument" naming the flag at fault */
export function buildOptionsOf(
  flags: BuildFlags,
  engine: Platform,
  env: Readonly<Record<string, string | undefined>>,
): BuildOptions {
  const nameless = flags.buildArg.find((pair) => pair.startsWith('='));
  if (nameless !== undefined) {
    const message = `invalid key-value pair ${JSON.stringify(nameless)}: empty key`;
    throw new NaruError('invalid-argument', 'E_BUILD_ARG', message, { hint: 'write --build-arg NAME=value' });
  }
  const buildArgs = parseAssignments(flags.buildArg, env);
  return {
    ...defaultBuildOptions(engine),
    ...(flags.platform === undefined ? {} : { platform: onePlatform(flags.platform) }),
    ...(flags.target === undefined ? {} : { target: flags.target }),
    buildArgs,
    labels: parseLabels(flags.label),
    noCache: !flags.cache,
    noCacheFilter: flags.cacheFilter.flatMap((text) => text.split(',')),
    extraHosts: flags.addHost.map(parseExtraHost),
    network: parseNetwork(flags.network),
    allowed: flags.allow.flatMap((text) => text.split(',')).map(parseEntitlement),
    ...(flags.shmSize === undefined ? {} : { shmSizeBytes: parseBytes('--shm-size', flags.shmSize) }),
    ulimits: flags.ulimit.map(parseUlimit),
    ...(flags.cgroupParent === undefined ? {} : { cgroupParent: flags.cgroupParent }),
    secretIds: flags.secret.map((text) => readSecretFlag(text).id),
    sshIds: flags.ssh.map((text) => readAgentFlag(text).id),
    buildContexts: readBuildContexts(flags.buildContext),
    ...epochOption(buildArgs, env['SOURCE_DATE_EPOCH']),
    ...(flags.rewriteTimestamp ? {} : { keepsFileTimes: true }),
  };
}

function onePlatform(text: string): Platform {
  if (!text.includes(',')) return parsePlatform(text);
  throw new NaruError('unimplemented', 'E_PLATFORMS', '--platform: one platform at a time is supported', {
    hint: `build for each by itself: --platform ${text.split(',')[0]}`,
  });
}

/** A name alone is a label without value, whatever the environment holds. */
function parseLabels(labels: readonly string[]): ReadonlyMap<string, string> {
  return parseAssignments(
    labels.map((text) => (text.includes('=') ? text : `${text}=`)),
    {},
  );
}

function parseNetwork(text: string): BuildOptions['network'] {
  if (text === 'default' || text === 'none' || text === 'host') return text;
  throw new NaruError(
    'invalid-argument',
    'E_NETWORK',
    `--network: ${JSON.stringify(text)} is not default, none or host`,
  );
}

function parseEntitlement(text: string): Entitlement {
  const known = ENTITLEMENTS.find((one) => one === text);
  if (known !== undefined) return known;
  throw new NaruError('invalid-argument', 'E_ALLOW', `unknown entitlement ${text}`, {
    hint: `one of ${ENTITLEMENTS.join(', ')}`,
  });
}
