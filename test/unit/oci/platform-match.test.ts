/** Platforms of requests beside images, as dockerd 28.5.2 on linux/amd64 answered `POST /containers/create?platform=`. */

import assert from 'node:assert/strict';

import { NaruError } from '../../../core/errors.ts';
import { formatPlatform, type Platform } from '../../../core/oci/platform.ts';
import { isForPlatform, requestedPlatform } from '../../../core/oci/platform-match.ts';

const MACHINE: Platform = { os: 'linux', architecture: 'amd64' };

function platform(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

describe('platforms of requests', () => {
  for (const [image, fitting, others] of [
    [
      'linux/amd64',
      ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v1', 'linux/x86_64', 'linux', 'amd64', 'LINUX/AMD64'],
      ['linux/arm64', 'arm64', 'windows/amd64', 'linux/arm64/v8'],
    ],
    ['linux/amd64/v2', ['linux/amd64/v2', 'linux/amd64/v3'], ['linux/amd64']],
    ['linux/386', ['linux/386', 'linux/amd64'], ['linux/arm']],
    [
      'linux/arm/v7',
      ['linux/arm', 'linux/arm/v7', 'linux/arm/v8', 'linux/arm64', 'linux/armhf'],
      ['linux/arm/v6'],
    ],
    ['linux/arm', ['linux/arm', 'linux/arm/v5', 'linux/arm/v6', 'linux/arm/v7'], ['linux/amd64']],
  ] as const) {
    it(`${image} is for ${fitting.join(', ')}`, () => {
      const isFor = (text: string): boolean =>
        isForPlatform(platform(image), requestedPlatform(text, MACHINE));
      assert.deepEqual([...fitting, ...others].filter(isFor), [...fitting]);
    });
  }

  for (const [text, shown] of [
    ['arm64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64/v8'],
    ['linux/arm', 'linux/arm'],
    ['windows/amd64', 'windows/amd64'],
  ] as const) {
    it(`${text} is ${shown}`, () => assert.equal(formatPlatform(requestedPlatform(text, MACHINE)), shown));
  }

  for (const [text, message] of [
    [
      'bad/',
      '"" is an invalid component of "bad/": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument',
    ],
    ['a/b/c/d', '"a/b/c/d": cannot parse platform specifier: invalid argument'],
    ['foo', '"foo": unknown operating system or architecture: invalid argument'],
  ] as const) {
    it(`${text} is refused`, () =>
      assert.throws(
        () => requestedPlatform(text, MACHINE),
        (error) => error instanceof NaruError && error.message === message,
      ));
  }
});
