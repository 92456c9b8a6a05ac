/** Base images of in-memory builds: `base`, `again` (the same image), `other` (other layers), `same` and `labelled` (base with another config), `onbuild` and `trigger` (base with a trigger). */

import { digestOf } from '../../../core/oci/digest.ts';
import type { ImageRunConfig } from '../../../core/oci/image-config.ts';

import type { Files, MemoryImage } from './memory-builder.ts';

export function baseImages(): ReadonlyMap<string, MemoryImage> {
  return new Map([
    ['base', image('base', 'layer one', {})],
    ['again', image('again', 'layer one', {})],
    ['labelled', image('labelled', 'layer one', { Labels: { a: 'b' } })],
    ['trigger', image('trigger', 'layer one', { OnBuild: ['RUN see trigger'] })],
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
