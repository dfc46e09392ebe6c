import { packetsMirrored } from '../../../../shared/detection/rules/packets-mirrored.ts';
import { adminCases } from '../admin-cases.ts';

const MIRROR = {
  name: 'm1',
  enable: 'TRUE',
  collectorIlb: { url: 'projects/p2/regions/europe-west1/forwardingRules/collector' },
  mirroredResources: { tags: ['gke-c1-node'] },
};

describe('packets-mirrored', () => {
  adminCases(
    packetsMirrored,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.packetMirrorings.insert',
      resourceName: 'projects/p1/regions/europe-west1/packetMirrorings/m1',
      request: MIRROR,
    },
    {
      fires: [
        ['changed', { method: 'v1.compute.packetMirrorings.patch', request: { mirroredResources: { tags: ['web'] } } }],
        ['without its request', { request: undefined }],
      ],
      misses: [
        ['switched off', { method: 'v1.compute.packetMirrorings.patch', request: { enable: 'FALSE' } }],
        ['deleted', { method: 'v1.compute.packetMirrorings.delete' }],
      ],
    },
  );
});
