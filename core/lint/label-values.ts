/** What values of labels look like: URL, time, license, version, e-mail. Grammar only; nothing is looked up. */

import { SPDX_LICENSES } from './spdx-licenses.ts';

/** RFC 3986: a scheme, and only characters a URI may hold. */
export function isUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/.test(text);
}

/** RFC 3339 §5.6, with a zone; the day must exist. */
export function isRfc3339(text: string): boolean {
  const pattern =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
  const match = pattern.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour <= 23 && minute <= 59 && second <= 60;
}

/** SPDX 2.3 annex D: identifiers joined by AND, OR and WITH, in parentheses or not. */
export function isSpdxExpression(text: string): boolean {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let depth = 0;
  let expectsName = true;
  for (const token of tokens) {
    if (token === '(') {
      if (!expectsName) return false;
      depth += 1;
    } else if (token === ')') {
      depth -= 1;
      if (expectsName || depth < 0) return false;
    } else if (/^(?:AND|OR|WITH)$/i.test(token)) {
      if (expectsName) return false;
      expectsName = true;
    } else {
      if (!expectsName || !isLicense(token)) return false;
      expectsName = false;
    }
  }
  return depth === 0 && !expectsName;
}

/** 40 digits, or the 7 that git shows. */
export function isGitHash(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{7})$/.test(text);
}

/** semver.org 2.0.0: no leading zeros, dot-separated parts behind `-` and `+`. */
export function isSemanticVersion(text: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/.exec(text);
  if (match === null) return false;
  const [, major = '', minor = '', patch = '', release, build] = match;
  const numbers = [major, minor, patch, ...(release?.split('.') ?? []).filter((part) => /^\d+$/.test(part))];
  const parts = [...(release?.split('.') ?? []), ...(build?.split('.') ?? [])];
  return numbers.every((number) => /^(?:0|[1-9]\d*)$/.test(number)) && parts.every((part) => part !== '');
}

/** RFC 5322 addr-spec without comments: a dot-atom or a quoted string, then a host name or an address in brackets. */
export function isEmail(text: string): boolean {
  const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  const local = `(?:${atom}(?:\\.${atom})*|"(?:[^"\\\\]|\\\\.)*")`;
  const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
  return new RegExp(`^${local}@(?:${label}(?:\\.${label})*|\\[[^\\[\\]\\\\]*\\])$`).test(text);
}

/** A `+` at the end means "or later"; `LicenseRef-` names are the user's own. Exceptions after WITH are not checked against their list. */
function isLicense(token: string): boolean {
  const name = token.replace(/\+$/, '');
  if (/^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/.test(name)) return true;
  return SPDX_LICENSES.has(name) || /-exception(?:-[0-9.]+)?$/i.test(name);
}
