import { APPLY, cluster, fn, part, tellsOf } from '../broken.ts';

const C1 = 'p1/europe-west1/c1';

tellsOf('clusters', [
  {
    what: 'a cluster that is gone',
    status: 'fail',
    subject: C1,
    says: /There is no cluster/,
    next: /clusters describe c1/,
    breaks: (d) => void d.refused.set('container /v1/projects/p1/locations/europe-west1/clusters/c1', 404),
  },
  {
    what: 'a cluster that may not be described',
    status: 'fail',
    subject: C1,
    says: /grant container.clusters.get/,
    next: /clusters describe c1/,
    breaks: (d) => void d.refused.set('container /', 403),
  },
  {
    what: 'an API server that does not answer',
    status: 'fail',
    subject: C1,
    says: /503/,
    next: /--enable-dns-access$/,
    breaks: (d) => void d.refused.set('kubernetes /europe-west1/c1/api/v1', 503),
  },
  {
    what: 'a cluster that does not enforce network policies',
    status: 'warn',
    subject: C1,
    says: /does not enforce network policies/,
    next: /--enable-network-policy$/,
    breaks: (d) => Object.assign(part(cluster(d).described, 'networkConfig'), { datapathProvider: 'LEGACY_DATAPATH' }),
  },
  {
    what: 'a cluster that writes no metrics of its nodes and containers',
    status: 'fail',
    subject: C1,
    says: /CPU use/,
    next: /^gcloud container clusters update c1 --location=europe-west1 --project=p1 --monitoring=SYSTEM$/,
    breaks: (d) => Object.assign(cluster(d).described, { monitoringConfig: { componentConfig: {} } }),
  },
  {
    what: 'an API server that answers only within the network of the functions',
    status: 'fail',
    subject: C1,
    says: /503.*; the functions call it through a subnetwork of their own/,
    next: /^firebreak doctor --project p1 {2}# on a machine in that network$/,
    breaks: (d) => {
      part(part(fn(d, 'contain'), 'serviceConfig'), 'environmentVariables').FIREBREAK_NETWORK = 'vpc';
      d.refused.set('kubernetes /europe-west1/c1/api/v1', 503);
    },
  },
  {
    what: 'no cluster at all',
    status: 'fail',
    subject: 'clusters',
    says: /no cluster is served/,
    next: APPLY,
    breaks: (d) => {
      delete part(part(fn(d, 'contain'), 'serviceConfig'), 'environmentVariables').FIREBREAK_CLUSTERS;
    },
  },
]);
