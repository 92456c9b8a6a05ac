/** Base images whose commands do what the verbs of memory-builder.ts do: real programs, whose output depends on nothing that two runs have otherwise. */

import type { ContextFiles, Rig } from './rig.ts';

export type RealBase = 'base' | 'again' | 'other' | 'same' | 'labelled' | 'onbuild' | 'trigger';

/** A user may not be allowed to write to `/`: that is no fault of the step. */
const CONSTANT = '#!/bin/sh\n{ printf %s "$1" > /constant; } 2>/dev/null || true\n';
const PICK = '#!/bin/sh\n{ cat "$1" > /picked; } 2>/dev/null || true\n';
const FIND =
  '#!/bin/sh\nfirst=$(find / -xdev \\( -path /proc -o -path /sys \\) -prune -o -name "$1" -print 2>/dev/null | sort | head -n 1)\n{ cat "$first" > /found; } 2>/dev/null || true\n';
/** Everything that a command can see but times, programs, what secrets and caches hold, and proxies, which Docker passes on and keeps out of its keys. */
const SEE = `#!/bin/sh
umask 0
mkdir -p /seen 2>/dev/null
look() {
  find "$@" -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /bin -o -path /sbin -o -path /usr -o -path /lib -o -path /lib64 -o -path /run -o -path /tmp -o -path /c -o -path /d -o -path /cc -o -path /secret -o -path /etc/hosts -o -path /etc/hostname -o -path /etc/resolv.conf -o -path /etc/mtab \\) -prune -o -print 2>/dev/null | sort | while read -r path; do
    stat -c '%n %A %u %g' "$path"
    if [ -L "$path" ]; then readlink "$path"; elif [ -f "$path" ]; then sha256sum < "$path"; fi
  done
}
everything() {
  echo "$@"
  env | grep -v -i -E '^(HOSTNAME|HOME|PWD|OLDPWD|SHLVL|_|SECRET|[A-Z]+_PROXY)=' | sort
  pwd
  id -u
  look /
  for mounted in /m /w /l; do if [ -e "$mounted" ]; then look "$mounted"; fi; done
}
# Looked at first and written then: the file would be seen while it is made.
seen=$(everything "$@" 2>/dev/null | sha256sum)
{ echo "$seen" > "/seen/$(echo "$*" | tr -c 'a-zA-Z0-9\n' _)"; } 2>/dev/null || true
`;

/** Names of images, equal where the image is; `nonce` keeps what is built on them apart from what was built before. */
export class RealBases {
  readonly #rig: Rig;
  readonly #nonce: string;
  readonly #names = new Map<RealBase, Promise<string>>();

  constructor(rig: Rig, nonce: string) {
    this.#rig = rig;
    this.#nonce = nonce;
  }

  /** Made when it is first asked for. */
  nameOf(name: RealBase): Promise<string> {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#names.set(name, made);
    return made;
  }

  async #make(name: RealBase): Promise<string> {
    switch (name) {
      case 'base':
        return this.#build('busybox', 'COPY bin /bin/\nCOPY base /etc/base', `${this.#nonce} one`);
      case 'other':
        return this.#build('busybox', 'COPY bin /bin/\nCOPY base /etc/base', `${this.#nonce} two`);
      case 'again':
        return this.nameOf('base');
      case 'same':
        return this.#build(await this.nameOf('base'), 'ENV FROM_BASE=1');
      case 'labelled':
        return this.#build(await this.nameOf('base'), 'LABEL a=b');
      case 'onbuild':
        return this.#build(await this.nameOf('base'), 'ONBUILD COPY . /onbuild/');
      case 'trigger':
        return this.#build(await this.nameOf('base'), 'ONBUILD RUN see trigger');
    }
  }

  async #build(from: string, lines: string, base = ''): Promise<string> {
    const script = (content: string) => ({ content, mode: 0o755 });
    const files: ContextFiles = {
      base,
      'bin/constant': script(CONSTANT),
      'bin/pick': script(PICK),
      'bin/find-first': script(FIND),
      'bin/see': script(SEE),
    };
    const { image } = await this.#rig.build(`FROM ${from}\n${lines}\n`, files);
    const made = `made:${image.id.slice('sha256:'.length)}`;
    await this.#rig.parts.images.tag(image.id, made);
    return made;
  }
}
