/** A root filesystem of a minimal Debian 12 with a working apt, without docs and translations. */

import { debianMirrors } from '../native/sources.ts';
import { exec } from '../../runtime/host/exec.ts';

const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** Fills the new folder `root`; takes about a minute and needs root. */
export async function makeDebianRoot(root: string): Promise<void> {
  const [mirror = ''] = await debianMirrors();
  await exec([
    'mmdebstrap',
    '--quiet',
    '--variant=minbase',
    '--format=directory',
    '--include=ca-certificates,procps',
    ...LEFT_OUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    '--aptopt=Acquire::Languages "none"',
    '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/etc/resolv.conf "$1"/etc/hostname',
    'bookworm',
    root,
    mirror,
  ]);
}
