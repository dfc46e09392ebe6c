import { strict as assert } from 'node:assert';
import { type AuditEntryParts, auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { falcoAlert } from '../../../local/scenarios/falco-alert.ts';
import { sccFinding } from '../../../local/scenarios/scc-finding.ts';
import { assess } from '../../../shared/decision/assess.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { firstExecIntoPod } from '../../../shared/detection/rules/first-exec-into-pod.ts';
import { tierRank } from '../../../shared/model/ids.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { NOW } from '../../fixtures/signals.ts';
import { pod, podSpec } from '../../fixtures/workloads.ts';

const ON = { resource: 'pods', namespace: 'ci', name: 'cart-0' };
const RUNNER = 'system:serviceaccount:ci:gitlab-runner';
const PRIVILEGED = podSpec({ securityContext: { privileged: true } });
const mounting = (path: string) => podSpec({}, { volumes: [{ name: 'host', hostPath: { path } }] });

const written = (spec: Record<string, unknown>, by: Partial<AuditEntryParts> = {}) =>
  auditEntry({ ...ON, verb: 'create', request: pod(spec), ...by });
const exec = (command: string, by: Partial<AuditEntryParts> = {}) =>
  auditEntry({ ...ON, verb: 'create', subresource: 'exec', command, ...by });
const debugged = auditEntry({
  ...ON,
  verb: 'patch',
  subresource: 'ephemeralcontainers',
  request: { spec: { ephemeralContainers: [{ name: 'debugger', image: 'busybox' }] } },
});
const falco = (rule: string, command: string) => falcoAlert({ rule, command, namespace: ON.namespace, pod: ON.name });
/** What Falco's plugin for Kubernetes audit logs says of a call about the pod. */
const retold = (rule: string) => {
  const fields = { 'ka.target.namespace': ON.namespace, 'ka.target.resource': 'pods', 'ka.target.name': ON.name };
  return { ...falcoAlert({ rule, priority: 'Critical', pod: null, fields }), source: 'k8s_audit' };
};

/** What a build in a privileged pod gives: its runner makes the pod and runs a step by exec. */
const build = [written(PRIVILEGED, { principal: RUNNER }), exec('sh', { principal: RUNNER })];

const WORK: ReadonlyArray<readonly [what: string, payloads: readonly unknown[]]> = [
  ['a build that installs packages', [...build, falco('Launch Package Management Process in Container', 'apt-get')]],
  ['a build that runs what it built', [...build, falco('Drop and execute new binary in container', './unit-tests')]],
  ['a build that mounts', [...build, falco('Mount Launched in Privileged Container', 'mount -t tmpfs none /tmp')]],
  ['a build with namespaces', [...build, falco('Change namespace privileges via unshare', 'buildkitd')]],
  [
    "a build by the node's Docker",
    [
      written(mounting('/var/run/docker.sock'), { principal: RUNNER }),
      exec('sh', { principal: RUNNER }),
      falco('The docker client is executed in a container', 'docker build .'),
    ],
  ],
  [
    'a new storage driver',
    [written(PRIVILEGED), falco('Mount Launched in Privileged Container', 'mount /dev/sdb /data')],
  ],
  [
    'a new network agent that somebody tries',
    [written(PRIVILEGED), exec('agent version'), falco('Change thread namespace', 'cni')],
  ],
  ['a new node agent that somebody tries', [written(podSpec({}, { hostPID: true })), exec('agent status')]],
  ['a new node agent that somebody debugs', [written(podSpec({}, { hostPID: true })), debugged]],
  ['a new privileged agent that somebody debugs', [written(PRIVILEGED), debugged]],
  [
    'a new privileged agent in which somebody opens a shell',
    [written(PRIVILEGED), exec('bash'), falco('Terminal shell in container', 'bash')],
  ],
  [
    'a debugger with a terminal in a new privileged agent',
    [written(PRIVILEGED), debugged, falco('Terminal shell in container', 'sh')],
  ],
  [
    'a new privileged agent that is debugged, and both told by the audit log too',
    [written(PRIVILEGED), debugged, retold('Attach/Exec Pod'), retold('Create Privileged Pod')],
  ],
  [
    'a new privileged agent that somebody tries, told by Security Command Center too',
    [
      written(PRIVILEGED),
      exec('agent version'),
      sccFinding({
        category: 'Privilege Escalation: Launch of privileged Kubernetes container',
        pods: [{ ns: ON.namespace, name: ON.name }],
      }),
    ],
  ],
  [
    'a build that fetches a release',
    [...build, exec("sh -c 'curl -sSL https://example.com/helm.tgz | tar xz'", { principal: RUNNER })],
  ],
];

describe('ordinary work on one pod within half an hour', () => {
  const { matrix } = readPolicy('mode: act').policy;
  for (const [what, payloads] of WORK)
    it(`does not lead above snapshot: ${what}`, () => {
      const findings = payloads.flatMap((payload) => {
        const { signal } = readPayload(payload, { now: NOW });
        assert.ok(signal !== undefined);
        return evaluate(signal, NOW);
      });
      assert.ok(findings.length >= 2);
      // A person who runs a command in something new is there for the first time, which is remembered elsewhere.
      const weighed = findings.map((one) =>
        one.rule === 'exec-into-pod' && one.principal !== RUNNER
          ? { ...one, rule: firstExecIntoPod.id, confidence: firstExecIntoPod.confidence }
          : one,
      );
      const maxima = weighed.map((one) => ({ ...one, conclusive: one.conclusive === true, finding: one.id }));
      const { tier, because } = assess(matrix, maxima);
      assert.ok(tierRank(tier) <= tierRank('snapshot'), because.join('; '));
    });
});
