import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, findApiServer, kubernetesVersion } from '../../../scripts/apiserver/find.ts';

describe('findApiServer', () => {
  let root: string;
  const server = async (folder: string, names: readonly string[] = ['kube-apiserver', 'etcd']): Promise<string> => {
    await mkdir(folder, { recursive: true });
    for (const name of names) await writeFile(join(folder, name), '');
    return folder;
  };
  const at = (folder: string) => ({ apiserver: join(folder, 'kube-apiserver'), etcd: join(folder, 'etcd') });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'firebreak find '));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('prefers what KUBEBUILDER_ASSETS names', async () => {
    const named = await server(join(root, 'assets'));
    await server(cacheFolder({ HOME: root }, 'go1.26.0'));
    assert.deepEqual(findApiServer({ HOME: root, KUBEBUILDER_ASSETS: named }), at(named));
  });
  it('finds nothing if KUBEBUILDER_ASSETS is set and lacks one of the two programs', async () => {
    const named = await server(join(root, 'assets'), ['etcd']);
    await server(cacheFolder({ HOME: root }, 'go1.26.0'));
    const found = findApiServer({ HOME: root, KUBEBUILDER_ASSETS: named });
    assert.match('missing' in found ? found.missing : '', /KUBEBUILDER_ASSETS .* does not hold/);
  });
  it('prefers a built server, whatever the Go version, over one on the PATH', async () => {
    const onPath = await server(join(root, 'bin'));
    assert.deepEqual(findApiServer({ HOME: root, PATH: onPath }), at(onPath));
    const built = await server(cacheFolder({ HOME: root }, 'go1.25.4'));
    assert.deepEqual(findApiServer({ HOME: root, PATH: onPath }), at(built));
    const elsewhere = await server(cacheFolder({ XDG_CACHE_HOME: join(root, 'xdg') }, 'go1.26.0'));
    assert.deepEqual(findApiServer({ HOME: root, XDG_CACHE_HOME: join(root, 'xdg') }), at(elsewhere));
  });
  it('ignores an incomplete server and one of another version', async () => {
    await server(cacheFolder({ HOME: root }, 'go1.26.0'), ['etcd']);
    await server(join(root, '.cache', 'firebreak', 'apiserver-v1.2.3-go1.26.0'));
    const found = findApiServer({ HOME: root, PATH: '' });
    assert.match('missing' in found ? found.missing : '', /build\.ts/);
  });
  it('reads the version to build from go.mod', () => {
    assert.match(kubernetesVersion(), /^v1\.\d+\.\d+$/);
  });
});
