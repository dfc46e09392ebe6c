import { strict as assert } from 'node:assert';
import { managerOf, queueOf } from '../../../../shared/containment/verdicts/manager.ts';
import { kubeObject } from './objects.ts';

describe('containment/verdicts/manager', () => {
  it('recognises GitOps tools and Helm by their marks on an object', () => {
    const cases: Array<[object, string]> = [
      [
        { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/cart' } },
        'Argo CD application shop',
      ],
      [{ labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'Argo CD application shop'],
      [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux Kustomization apps'],
      [{ labels: { 'helm.toolkit.fluxcd.io/name': 'cart' } }, 'Flux HelmRelease cart'],
      [{ annotations: { 'meta.helm.sh/release-name': 'cart' } }, 'Helm release cart'],
      [
        { managedFields: [{ manager: 'kubectl' }, { manager: 'argocd-controller' }] },
        'field manager argocd-controller',
      ],
    ];
    for (const [metadata, expected] of cases) assert.equal(managerOf(kubeObject('Deployment', metadata)), expected);
  });

  it('names no manager for an object that a person applied', () => {
    assert.equal(
      managerOf(kubeObject('Deployment', { managedFields: [{ manager: 'kubectl-client-side-apply' }] })),
      undefined,
    );
  });

  it('removes control characters from a stranger’s name and shortens it', () => {
    const shown = managerOf(
      kubeObject('Deployment', { annotations: { 'meta.helm.sh/release-name': `a\n\u202e${'b'.repeat(500)}` } }),
    );
    assert.ok(shown !== undefined && shown.length < 130 && !/[\n\u202e]/.test(shown));
  });

  it('names the queue that starts a stopped Job again', () => {
    const named = (metadata: object) => queueOf(kubeObject('Job', metadata));
    assert.equal(named({ labels: { 'kueue.x-k8s.io/queue-name': 'team-a' } }), 'Kueue queue team-a');
    assert.equal(named({ labels: { 'kueue.x-k8s.io/queue-name': '' } }), undefined);
    assert.equal(named({}), undefined);
  });

  it('reads past an empty mark and a manager without a name, and names Config Sync and operators', () => {
    const named = (metadata: object) => managerOf(kubeObject('Deployment', metadata));
    assert.equal(named({ labels: { 'argocd.argoproj.io/instance': '' } }), undefined);
    assert.equal(
      named({ labels: { 'argocd.argoproj.io/instance': '' }, managedFields: [{}, { manager: 'shop-operator' }] }),
      'field manager shop-operator',
    );
    assert.equal(
      named({ annotations: { 'configsync.gke.io/resource-id': 'apps_deployment_shop_cart' } }),
      'Config Sync resource apps_deployment_shop_cart',
    );
  });
});
