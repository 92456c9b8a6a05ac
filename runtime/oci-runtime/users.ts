/**
 * `USER` and `--user` against the image's /etc/passwd and /etc/group: names to numbers, extra groups, home directory.
 * Pure: the texts are read by the caller, inside the root. Error texts are those of runc, which clients show.
 */

import { NaruError } from '../../core/errors.ts';

export interface ResolvedUser {
  readonly uid: number;
  readonly gid: number;
  /** Sorted, without duplicates. */
  readonly additionalGids: readonly number[];
  readonly home: string;
}

export interface UserFiles {
  /** Text of /etc/passwd; '' when the image has none. */
  readonly passwd: string;
  readonly group: string;
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/**
 * `spec` is `''`, `user`, `uid`, `user:group`, `uid:gid` or a mix; `groupAdd` are names or numbers.
 * Groups of the user are added only when `spec` names no group.
 *
 * @throws NaruError "invalid-argument"
 */
export function resolveUser(spec: string, groupAdd: readonly string[], files: UserFiles): ResolvedUser {
  const colon = spec.indexOf(':');
  const userPart = colon < 0 ? spec : spec.slice(0, colon);
  const groupPart = colon < 0 ? '' : spec.slice(colon + 1);
  const groups = parseGroup(files.group);
  const entry = findUser(userPart, parsePasswd(files.passwd));
  const uid = entry?.uid ?? numberOrFail(userPart === '' ? '0' : userPart, 'user', 'passwd');
  const gid = groupPart === '' ? (entry?.gid ?? 0) : groupId(groupPart, groups);
  const own = groupPart === '' && entry !== undefined ? groupsOf(entry.name, groups) : [];
  const added = groupAdd.map((name) => groupId(name, groups));
  return {
    uid,
    gid,
    // Docker: the primary group is among the supplementary ones, so that `id` and group checks agree.
    additionalGids: [...new Set([gid, ...own, ...added])].toSorted((a, b) => a - b),
    home: entry?.home === undefined || entry.home === '' ? '/' : entry.home,
  };
}

function findUser(name: string, entries: readonly PasswdEntry[]): PasswdEntry | undefined {
  const wanted = name === '' ? '0' : name;
  const byName = entries.find((entry) => entry.name === wanted);
  if (byName !== undefined || !isId(wanted)) return byName;
  return entries.find((entry) => entry.uid === Number(wanted));
}

function groupsOf(user: string, groups: readonly GroupEntry[]): readonly number[] {
  return groups.filter((group) => group.members.includes(user)).map((group) => group.gid);
}

function groupId(name: string, groups: readonly GroupEntry[]): number {
  return groups.find((group) => group.name === name)?.gid ?? numberOrFail(name, 'group', 'group');
}

function numberOrFail(text: string, what: string, file: string): number {
  if (isId(text)) return Number(text);
  const message = `unable to find ${what} ${text}: no matching entries in ${file} file`;
  throw new NaruError('invalid-argument', 'E_NO_SUCH_USER', message);
}

function isId(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= 0x7fffffff;
}

function parsePasswd(text: string): readonly PasswdEntry[] {
  return fields(text, 6).map(([name = '', , uid = '', gid = '', , home = '']) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
  }));
}

function parseGroup(text: string): readonly GroupEntry[] {
  return fields(text, 3).map(([name = '', , gid = '', members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter((member) => member !== ''),
  }));
}

/** Lines with at least `nFields` fields; comments and broken lines are skipped, as runc does. */
function fields(text: string, nFields: number): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'))
    .filter((parts) => parts.length >= nFields && /^\d+$/.test(parts[2] ?? ''));
}
