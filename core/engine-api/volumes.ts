/** Wire types of the volume endpoints (Docker Engine API 1.47, tag Volume). */

import { mapOf, object, string, type Decoder } from './decode.ts';

export interface VolumeBody {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly CreatedAt: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Scope: 'local';
  readonly Options: Readonly<Record<string, string>> | null;
  readonly UsageData?: { readonly Size: number; readonly RefCount: number };
}

export interface VolumeCreateBody {
  readonly Name: string;
  readonly Driver: string;
  readonly DriverOpts: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export const decodeVolumeCreate: Decoder<VolumeCreateBody> = object<VolumeCreateBody>({
  Name: string,
  Driver: string,
  DriverOpts: mapOf(string),
  Labels: mapOf(string),
});
