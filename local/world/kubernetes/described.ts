import type { ClusterRef } from '../../../shared/model/target.ts';
import type { Fields } from './objects.ts';

/** The container API's description of a new cluster: Standard, Dataplane V2, a DNS endpoint open to outside traffic. */
export const describedCluster = (ref: ClusterRef): Fields => ({
  name: ref.cluster,
  location: ref.location,
  status: 'RUNNING',
  autopilot: { enabled: false },
  networkConfig: { network: `projects/${ref.project}/global/networks/default`, datapathProvider: 'ADVANCED_DATAPATH' },
  nodePools: [],
  controlPlaneEndpointsConfig: {
    dnsEndpointConfig: { endpoint: `${ref.cluster}.${ref.location}.gke.goog`, allowExternalTraffic: true },
  },
});
