/** A root filesystem of busybox alone, in the shape that images called busybox have. */

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  'bin',
  'dev',
  'etc',
  'home',
  'lib',
  'mnt',
  'opt',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr/bin',
  'usr/sbin',
  'var/log',
  'var/spool/mail',
  'var/www',
];

const PASSWD = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
postgres:x:70:70:postgres:/var/lib/postgresql:/bin/sh
guest:x:405:100:guest:/dev/null:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
adm:x:4:
tty:x:5:
mail:x:8:
wheel:x:10:root
www-data:x:33:
operator:x:37:
postgres:x:70:
users:x:100:
nobody:x:65534:
`;

/** Fills the new folder `root`. @throws Error when the static busybox of Debian is not installed */
export function writeBusyboxRoot(root: string): void {
  const { stdout, status } = spawnSync('/bin/busybox', ['--list'], { encoding: 'utf8' });
  if (status !== 0) throw new Error('busybox is not installed (apt-get install busybox-static)');
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  for (const applet of stdout.split('\n')) {
    if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  chmodSync(join(root, 'tmp'), 0o1777);
  chmodSync(join(root, 'root'), 0o700);
  writeFileSync(join(root, 'etc/passwd'), PASSWD);
  writeFileSync(join(root, 'etc/group'), GROUP);
  writeFileSync(join(root, 'etc/shadow'), 'root:*:19000:0:99999:7:::\nnobody:!:19000:0:99999:7:::\n', {
    mode: 0o600,
  });
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
}
