/** `GET /version`. */

import type { VersionBody } from '../../../core/engine-api/system.ts';
import { API_VERSION, MIN_API_VERSION } from '../../../core/version.ts';
import type { SystemReport } from '../../engine/system/report.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const systemVersion: Endpoint = {
  method: 'GET',
  path: '/version',
  handle: async (_request, parts) => json(versionBody(parts.system)),
};

function versionBody(system: SystemReport): VersionBody {
  const host = system.host();
  const details = {
    ApiVersion: API_VERSION,
    Arch: host.goArch,
    BuildTime: '',
    Experimental: 'false',
    GitCommit: '',
    GoVersion: `node ${process.version}`,
    KernelVersion: host.kernelVersion,
    MinAPIVersion: MIN_API_VERSION,
    Os: 'linux',
  };
  return {
    Platform: { Name: 'Naru Engine' },
    Components: [{ Name: 'Engine', Version: system.version, Details: details }],
    Version: system.version,
    ApiVersion: API_VERSION,
    MinAPIVersion: MIN_API_VERSION,
    GitCommit: '',
    GoVersion: details.GoVersion,
    Os: 'linux',
    Arch: host.goArch,
    KernelVersion: host.kernelVersion,
    BuildTime: '',
  };
}
