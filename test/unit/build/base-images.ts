/** Base images of in-memory builds: `base`, `other` (other layers), `same` (base with another config) and `onbuild`. */

import { digestOf } from '../../../core/oci/digest.ts';
import type { ImageRunConfig } from '../../../core/oci/image-config.ts';

import type { Files, MemoryImage } from './memory-builder.ts';

export function baseImages(): ReadonlyMap<string, MemoryImage> {
  return new Map([
    ['base', image('base', 'layer one', {})],
    ['other', image('other', 'layer two', {})],
    ['same', image('same', 'layer one', { Env: ['FROM_BASE=1'], Labels: { a: 'b' } })],
    ['onbuild', image('onbuild', 'layer one', { OnBuild: ['COPY . /onbuild/'] })],
  ]);
}

function image(reference: string, layer: string, config: ImageRunConfig): MemoryImage {
  const files: Files = new Map([['etc/base', { content: layer }]]);
  return {
    files,
    resolved: {
      reference,
      digest: digestOf(reference),
      config: {
        os: 'linux',
        architecture: 'amd64',
        config,
        rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      },
      isLocal: true,
      pullBytes: 0,
    },
  };
}
