/** Wire types of the image endpoints (Docker Engine API 1.47, tag Image). */

import type { ImageRunConfig } from '../oci/image-config.ts';

/** One row of `GET /images/json`. */
export interface ImageSummary {
  readonly Id: string;
  readonly ParentId: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  /** Unix seconds. */
  readonly Created: number;
  readonly Size: number;
  /** Before API 1.44. */
  readonly VirtualSize?: number;
  /** -1: not computed. */
  readonly SharedSize: number;
  readonly Labels: Readonly<Record<string, string>> | null;
  /** Containers made from it; -1: not computed. */
  readonly Containers: number;
}

export interface ImageInspectBody {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Parent: string;
  readonly Comment: string;
  readonly Created: string;
  readonly DockerVersion: string;
  readonly Author: string;
  readonly Config: ImageRunConfig;
  /** Dropped by API 1.45, still read by docker-compose 1. */
  readonly ContainerConfig: ImageRunConfig;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Os: string;
  readonly Size: number;
  /** Before API 1.44. */
  readonly VirtualSize?: number;
  readonly GraphDriver: { readonly Data: null; readonly Name: string };
  readonly RootFS: { readonly Type: 'layers'; readonly Layers: readonly string[] };
  readonly Metadata: { readonly LastTagTime: string };
}

/** One row of `GET /images/{name}/history`, newest first. */
export interface ImageHistoryRow {
  readonly Id: string;
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Tags: readonly string[] | null;
  readonly Size: number;
  readonly Comment: string;
}

/** One row of the answer to `DELETE /images/{name}`. */
export type ImageDeleteRow = { readonly Untagged: string } | { readonly Deleted: string };
