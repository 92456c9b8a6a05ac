/**
 * Lets our bridges through hosts whose own firewall refuses to forward: dockerd and ufw (iptables FORWARD with policy DROP), firewalld.
 * An accept in our table does not overrule a drop in another, so two rules go into theirs, marked as ours.
 * What is allowed is still decided in our table.
 */

import { readFileSync } from 'node:fs';

import { execStatus } from '../host/exec.ts';
import type { EngineNames } from './engine-names.ts';

/** Chains of others at the forward hook, as nft names them. */
const FOREIGN_CHAINS = ['ip filter FORWARD', 'inet firewalld filter_FORWARD'] as const;

/**
 * Adds the rules where they are needed and missing. `extraBridges` are those with a name of the user's.
 *
 * @returns a sentence for each chain that could not be changed
 */
export async function allowForwarding(
  names: EngineNames,
  extraBridges: readonly string[],
): Promise<readonly string[]> {
  const patterns = [`${names.bridgePrefix}*`, ...extraBridges];
  const results = await Promise.all([
    ...FOREIGN_CHAINS.map((chain) => allowInNft(chain, names.table, patterns)),
    allowInLegacy(names.table, patterns),
  ]);
  return results.flatMap((problem) => problem ?? []);
}

/** Takes out what `allowForwarding` put in; no error when there is nothing. */
export async function disallowForwarding(names: EngineNames): Promise<void> {
  await Promise.all([
    ...FOREIGN_CHAINS.map((chain) => disallowInNft(chain, names.table)),
    disallowInLegacy(names.table),
  ]);
}

/** True when a chain, as `nft list chain` prints it, may drop what we forward. */
export function mayDrop(chain: string): boolean {
  return /policy drop|\bdrop\b|\breject\b|\bjump\b|\bgoto\b/.test(chain);
}

async function allowInNft(
  chain: string,
  tag: string,
  patterns: readonly string[],
): Promise<string | undefined> {
  const listed = await listChain(chain);
  if (!mayDrop(listed)) return undefined;
  const lines = listed.split('\n').filter((line) => line.includes(`comment "${tag}"`));
  const missing = patterns
    .flatMap((pattern) => [`iifname "${pattern}"`, `oifname "${pattern}"`])
    .filter((match) => !lines.some((line) => line.includes(match)));
  if (missing.length === 0) return undefined;
  const rules = missing.map((match) => `insert rule ${chain} ${match} accept comment "${tag}"\n`);
  const result = await execStatus(['nft', '-f', '-'], { input: rules.join('') });
  if (result.exitCode === 0) return undefined;
  return `the host's firewall (${chain}) may stop containers, and could not be changed: ${result.stderr.trim()}`;
}

async function disallowInNft(chain: string, tag: string): Promise<void> {
  const handles = [...(await listChain(chain)).matchAll(/comment "(\w+)".*# handle (\d+)/g)]
    .filter((match) => match[1] === tag)
    .map((match) => `delete rule ${chain} handle ${match[2]}\n`);
  if (handles.length > 0) await execStatus(['nft', '-f', '-'], { input: handles.join('') });
}

/** With handles; '' when there is no such chain. */
async function listChain(chain: string): Promise<string> {
  const result = await execStatus(['nft', '-a', 'list', 'chain', ...chain.split(' ')]);
  return result.exitCode === 0 ? result.stdout : '';
}

/** nft does not show the tables of the older kernel interface; its own program edits them. */
async function allowInLegacy(tag: string, patterns: readonly string[]): Promise<undefined> {
  if (!hasLegacyFilter()) return;
  const listed = await legacy(['-S', 'FORWARD']);
  if (!/-P FORWARD DROP|-j (?!ACCEPT)/.test(listed)) return;
  for (const pattern of patterns) {
    for (const side of ['-i', '-o']) {
      const rule = legacyRule(side, pattern, tag);
      if (listed.includes(` ${side} ${rule[1]} `)) continue;
      await legacy(['-I', 'FORWARD', ...rule]);
    }
  }
}

async function disallowInLegacy(tag: string): Promise<void> {
  if (!hasLegacyFilter()) return;
  const rules = (await legacy(['-S', 'FORWARD'])).split('\n').filter((line) => line.includes(tag));
  for (const rule of rules) {
    const [, side = '', name = ''] = / (-[io]) (\S+) /.exec(rule) ?? [];
    await legacy(['-D', 'FORWARD', ...legacyRule(side, name, tag)]);
  }
}

function legacyRule(side: string, pattern: string, tag: string): readonly string[] {
  return [side, pattern.replace('*', '+'), '-m', 'comment', '--comment', tag, '-j', 'ACCEPT'];
}

/** '' where the program is missing or refuses: then the host's rules stay as they are. */
async function legacy(args: readonly string[]): Promise<string> {
  const result = await execStatus(['iptables-legacy', '-w', ...args]).catch(() => undefined);
  return result?.exitCode === 0 ? result.stdout : '';
}

function hasLegacyFilter(): boolean {
  try {
    return /^filter$/m.test(readFileSync('/proc/net/ip_tables_names', 'utf8'));
  } catch {
    return false;
  }
}
