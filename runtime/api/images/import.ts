/** `docker import`: a root filesystem tar in the body becomes a one-layer image. */

import type { ImageConfig } from '../../../core/oci/image-config.ts';
import { applyChanges } from '../../engine/images/changes.ts';
import type { ImageStore } from '../../engine/images/image-store.ts';
import type { Answer, ApiRequest } from '../endpoint.ts';
import { unimplemented } from '../parts.ts';
import { progressAnswer } from '../progress.ts';
import { given } from '../present.ts';
import { goArch } from '../../host/machine-platform.ts';

/** Reads `fromSrc=-`, `repo`, `tag`, `message`, `changes` and `platform`. @throws unimplemented for URLs */
export function importAnswer(request: ApiRequest, images: ImageStore): Answer {
  const { query } = request;
  if (query.text('fromSrc') !== '-') throw unimplemented('importing from a URL');
  const config = importedConfig(request, new Date());
  const repository = query.text('repo');
  const tag = query.text('tag');
  return progressAnswer(async (send) => {
    const image = await images.import(request.body, config, request.signal);
    if (repository !== '') await images.tag(image.id, tag === '' ? repository : `${repository}:${tag}`);
    send({ status: image.id });
  });
}

function importedConfig({ query }: ApiRequest, now: Date): ImageConfig {
  const [os = 'linux', architecture = goArch()] = (given(query.text('platform')) ?? '')
    .split('/')
    .filter(Boolean);
  const created = now.toISOString();
  return {
    created,
    architecture,
    os,
    config: applyChanges({}, query.all('changes')),
    rootfs: { type: 'layers', diff_ids: [] },
    history: [{ created, comment: query.text('message') }],
  };
}
