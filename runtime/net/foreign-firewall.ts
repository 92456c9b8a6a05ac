/**
 * Lets our bridges through hosts whose own firewall refuses to forward (dockerd, ufw: iptables FORWARD with policy DROP).
 * An accept in our table does not overrule a drop in another, so two rules go into theirs, marked as ours.
 * What is allowed is still decided in our table.
 */

import { readFileSync } from 'node:fs';

import { exec, execStatus } from '../host/exec.ts';
import type { EngineNames } from './engine-names.ts';

/** Adds the rules where they are needed and missing. `extraBridges` are those with a name of the user's. */
export async function allowForwarding(names: EngineNames, extraBridges: readonly string[]): Promise<void> {
  const patterns = [`${names.bridgePrefix}*`, ...extraBridges];
  await Promise.all([allowInNft(names.table, patterns), allowInLegacy(names.table, patterns)]);
}

/** Takes out what `allowForwarding` put in; no error when there is nothing. */
export async function disallowForwarding(names: EngineNames): Promise<void> {
  await Promise.all([disallowInNft(names.table), disallowInLegacy(names.table)]);
}

/** True when a chain, as `nft list chain` prints it, may drop what we forward. */
export function mayDrop(chain: string): boolean {
  return /policy drop|\bdrop\b|\breject\b|\bjump\b|\bgoto\b/.test(chain);
}

async function allowInNft(tag: string, patterns: readonly string[]): Promise<void> {
  const chain = await listForwardChain();
  if (!mayDrop(chain)) return;
  const missing = patterns.flatMap((pattern) =>
    ['iifname', 'oifname']
      .map((key) => `${key} "${pattern}"`)
      .filter((match) => !chain.split('\n').some((line) => line.includes(match) && line.includes(tag))),
  );
  if (missing.length === 0) return;
  const rules = missing.map((match) => `insert rule ip filter FORWARD ${match} accept comment "${tag}"\n`);
  await exec(['nft', '-f', '-'], { input: rules.join('') });
}

async function disallowInNft(tag: string): Promise<void> {
  const handles = [...(await listForwardChain()).matchAll(/comment "(\w+)".*# handle (\d+)/g)]
    .filter((match) => match[1] === tag)
    .map((match) => `delete rule ip filter FORWARD handle ${match[2]}\n`);
  if (handles.length > 0) await execStatus(['nft', '-f', '-'], { input: handles.join('') });
}

/** With handles; '' when there is no such chain. */
async function listForwardChain(): Promise<string> {
  const result = await execStatus(['nft', '-a', 'list', 'chain', 'ip', 'filter', 'FORWARD']);
  return result.exitCode === 0 ? result.stdout : '';
}

/** nft does not show the tables of the older kernel interface; its own program edits them. */
async function allowInLegacy(tag: string, patterns: readonly string[]): Promise<void> {
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
