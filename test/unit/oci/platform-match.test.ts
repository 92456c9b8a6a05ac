/** Which of the images made for a platform do where another is asked for; every line measured on dockerd 28.5.2 (`docker import --platform`, then `create --platform`). */

import assert from 'node:assert/strict';

import { isServedBy } from '../../../core/oci/platform-match.ts';
import { readPlatformSpecifier } from '../../../core/oci/platform-specifier.ts';
import { formatPlatform } from '../../../core/oci/platform.ts';

const HOST = { os: 'linux', architecture: 'amd64' };
const ASKED =
  'linux linux/amd64 linux/amd64/v2 linux/amd64/v3 linux/386 linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v9 linux/arm64/v8.2 linux/riscv64 linux/s390x';

describe('platforms of images', () => {
  for (const [image, served] of [
    ['linux/amd64', 'linux linux/amd64 linux/amd64/v2 linux/amd64/v3'],
    ['linux/amd64/v2', 'linux/amd64/v2 linux/amd64/v3'],
    ['linux/386', 'linux linux/amd64 linux/amd64/v2 linux/amd64/v3 linux/386'],
    ['linux/arm64', 'linux/arm64 linux/arm64/v8 linux/arm64/v9 linux/arm64/v8.2'],
    [
      'linux/arm',
      'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v9 linux/arm64/v8.2',
    ],
    [
      'linux/arm/v5',
      'linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v9 linux/arm64/v8.2',
    ],
    [
      'linux/arm/v6',
      'linux/arm linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v9 linux/arm64/v8.2',
    ],
    [
      'linux/arm/v7',
      'linux/arm linux/arm/v7 linux/arm/v8 linux/arm64 linux/arm64/v8 linux/arm64/v9 linux/arm64/v8.2',
    ],
    ['linux/riscv64', 'linux/riscv64'],
    ['windows/amd64', ''],
  ] as const) {
    it(`${image} serves ${served === '' ? 'nobody here' : served.slice(0, 50)}`, () => {
      const [os = '', architecture = '', variant] = image.split('/');
      const own = { os, architecture, ...(variant === undefined ? {} : { variant }) };
      const found = ASKED.split(' ').filter((asked) => isServedBy(read(asked), own));
      assert.equal(found.join(' '), served);
    });
  }
});

describe('platforms as they are written', () => {
  for (const [text, platform, shown] of [
    ['linux', 'linux/amd64', 'linux/amd64'],
    ['LINUX', 'linux/amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64', 'linux/amd64'],
    ['aarch64', 'linux/arm64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64', 'linux/arm64/v8'],
    ['armhf', 'linux/arm/v7', 'linux/arm'],
    ['linux/arm', 'linux/arm/v7', 'linux/arm'],
    ['macos/arm64', 'darwin/arm64', 'darwin/arm64'],
    ['linux/bogus', 'linux/bogus', 'linux/bogus'],
  ] as const) {
    it(`${text} is ${platform} and is shown as ${shown}`, () => {
      const found = readPlatformSpecifier(text, HOST);
      assert.ok('platform' in found);
      assert.deepEqual([formatPlatform(found.platform), found.shown], [platform, shown]);
    });
  }
  for (const [text, fault] of [
    ['bogus', '"bogus": unknown operating system or architecture: invalid argument'],
    ['a/b/c/d', '"a/b/c/d": cannot parse platform specifier: invalid argument'],
    [
      'arm64/',
      String.raw`"" is an invalid component of "arm64/": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument`,
    ],
    [
      '//',
      String.raw`"" is an invalid OS component of "//": OSAndVersion specifier component must match "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$": invalid argument`,
    ],
  ] as const) {
    it(`${text} is refused`, () => assert.deepEqual(readPlatformSpecifier(text, HOST), { fault }));
  }
});

function read(text: string): { os: string; architecture: string; variant?: string } {
  const found = readPlatformSpecifier(text, HOST);
  assert.ok('platform' in found);
  return found.platform;
}
