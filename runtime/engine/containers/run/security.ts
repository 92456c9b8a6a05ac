/** `--security-opt`: no-new-privileges and seccomp; AppArmor and SELinux labels are accepted and have no effect. */

import { NaruError } from '../../../../core/errors.ts';
import { parseProfile, type Profile } from '../../../oci-runtime/seccomp.ts';

export interface SecurityOptions {
  readonly noNewPrivileges: boolean;
  readonly seccomp: 'default' | 'unconfined' | Profile;
  /** `systempaths=unconfined`: nothing of /proc and /sys is masked. */
  readonly hasOpenSystemPaths: boolean;
}

/** Docker: `key=value` or the old `key:value`. @throws invalid-argument for what dockerd refuses too */
export function parseSecurity(options: readonly string[]): SecurityOptions {
  let result: SecurityOptions = { noNewPrivileges: false, seccomp: 'default', hasOpenSystemPaths: false };
  for (const option of options) {
    const match = /^([a-z-]+)(?:[=:]([^]*))?$/.exec(option);
    const value = match?.[2] ?? '';
    switch (match?.[1] ?? '') {
      case 'no-new-privileges':
        result = { ...result, noNewPrivileges: value === '' || value === 'true' };
        break;
      case 'seccomp':
        result = { ...result, seccomp: parseSeccomp(value) };
        break;
      case 'systempaths':
        result = { ...result, hasOpenSystemPaths: value === 'unconfined' };
        break;
      case 'apparmor':
      case 'label':
      case 'writable-cgroups':
        break;
      default:
        throw new NaruError('invalid-argument', 'E_SECURITY_OPT', `invalid --security-opt 2: "${option}"`);
    }
  }
  return result;
}

function parseSeccomp(value: string): SecurityOptions['seccomp'] {
  if (value === 'unconfined') return 'unconfined';
  return value === '' || value === 'builtin' ? 'default' : parseProfile(value);
}
