/** Which variables exist undeclared: those that BuildKit sets for a build (global), and those of the proxy. */

import assert from 'node:assert/strict';

import { PROXY_ARGS } from '../../../core/build/global-args.ts';
import { predefinedVariables } from '../../../core/dockerfile/predefined-variables.ts';

describe('predefined variables', () => {
  it('are those of the platforms, and the proxies that the builder passes on', () => {
    const names = (scope: 'global' | 'run'): readonly string[] =>
      predefinedVariables.filter((variable) => variable.scope === scope).map(({ name }) => name);
    const platform = ['PLATFORM', 'OS', 'ARCH', 'VARIANT'];
    assert.deepEqual(
      [...names('global')].sort(),
      [...platform.flatMap((part) => [`TARGET${part}`, `BUILD${part}`]), 'TARGETSTAGE'].sort(),
    );
    assert.deepEqual(
      [...names('run')].sort(),
      PROXY_ARGS.filter((name) => name === name.toUpperCase()).sort(),
    );
  });

  it('say what they are', () => {
    assert.deepEqual(
      predefinedVariables.filter(({ text }) => !/^[A-Z].*\.$/.test(text)),
      [],
    );
  });
});
