import type { Obj } from '../../../../local/world/kubernetes/objects.ts';

/** A pod template with the label `app`. */
export const template = (app: string, spec = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: 'shop.example.com/x:1' }], ...spec },
});

/** A workload of the given kind in namespace shop. */
export const workload = (kind: string, name: string, spec: Record<string, unknown>, podSpec = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec: { selector: { matchLabels: { app: name } }, template: template(name, podSpec), ...spec },
});

/** A Service in namespace shop that selects by `app`. */
export const service = (app: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: app, namespace: 'shop' },
  spec: { selector: { app }, ports: [{ port: 80 }] },
});

/** The reference to an object of namespace shop. */
export const refOf = (o: Obj) => ({ apiVersion: o.apiVersion, kind: o.kind, namespace: 'shop', name: o.metadata.name });
