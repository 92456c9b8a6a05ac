/** Which system calls the default profile allows to whom, and reading profiles of users. */

import assert from 'node:assert/strict';

import {
  DEFAULT_PROFILE,
  makeSeccomp,
  parseProfile,
  type SeccompTarget,
} from '../../../runtime/oci-runtime/seccomp.ts';

const PLAIN: SeccompTarget = { capabilities: ['CAP_CHOWN'], arch: 'x64', kernelRelease: '6.18.0' };

/** `allowed`, `allowed-if` (arguments decide), the errno, or `refused` by default. */
function verdict(call: string, target: Partial<SeccompTarget> = {}): string {
  const { syscalls } = makeSeccomp(DEFAULT_PROFILE, { ...PLAIN, ...target });
  const rules = syscalls.filter(({ names }) => names.includes(call));
  if (rules.some(({ action, args }) => action === 'SCMP_ACT_ALLOW' && args === undefined)) return 'allowed';
  if (rules.some(({ action }) => action === 'SCMP_ACT_ALLOW')) return 'allowed-if';
  return rules[0]?.errnoRet === undefined ? 'refused' : `errno ${rules[0].errnoRet}`;
}

describe('seccomp default profile', () => {
  const admin = { capabilities: ['CAP_SYS_ADMIN'] };
  const cases: readonly [string, Partial<SeccompTarget>, string][] = [
    ['openat', {}, 'allowed'],
    ['execve', {}, 'allowed'],
    ['futex_waitv', {}, 'allowed'],
    ['unshare', {}, 'refused'],
    ['mount', {}, 'refused'],
    ['setns', {}, 'refused'],
    ['keyctl', {}, 'refused'],
    ['io_uring_setup', {}, 'refused'],
    ['clone', {}, 'allowed-if'],
    ['clone3', {}, 'errno 38'],
    ['socket', {}, 'allowed-if'],
    ['personality', {}, 'allowed-if'],
    ['unshare', admin, 'allowed'],
    ['mount', admin, 'allowed'],
    ['clone', admin, 'allowed'],
    ['clone3', admin, 'allowed'],
    ['ptrace', {}, 'allowed'],
    ['ptrace', { kernelRelease: '4.4.0' }, 'refused'],
    ['ptrace', { kernelRelease: '4.4.0', capabilities: ['CAP_SYS_PTRACE'] }, 'allowed'],
    ['chroot', {}, 'refused'],
    ['chroot', { capabilities: ['CAP_SYS_CHROOT'] }, 'allowed'],
    ['arch_prctl', {}, 'allowed'],
    ['arch_prctl', { arch: 'arm64' }, 'refused'],
  ];
  for (const [call, target, expected] of cases) {
    it(`${call} ${JSON.stringify(target)}: ${expected}`, () => assert.equal(verdict(call, target), expected));
  }

  it('names no call twice in one rule', () => {
    for (const { names } of DEFAULT_PROFILE.syscalls) assert.equal(new Set(names).size, names.length);
  });
});

describe('seccomp profiles of users', () => {
  it('are read', () => {
    const profile = parseProfile(
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"mkdir","action":"SCMP_ACT_ERRNO","errnoRet":13,"args":null}],"archMap":[]}',
    );
    assert.deepEqual(profile, {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 }],
    });
  });

  for (const [text, message] of [
    ['nonsense', /decoding seccomp profile failed/],
    ['{}', /defaultAction must be a string/],
    ['{"defaultAction":"x","syscalls":[{}]}', /action of a rule must be a string/],
  ] as const) {
    it(`refuses ${text}`, () => assert.throws(() => parseProfile(text), message));
  }
});
