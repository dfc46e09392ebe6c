/** Where the node images (Container-Optimized OS, Ubuntu) keep their tools. */
const PATHS = '/bin:/usr/bin:/usr/local/bin:/home/kubernetes/bin';

/**
 * Ends every sandbox of the pod, with all that runs in it, and prints how many there were. Fails where one is left, and
 * where the runtime does not answer: under `sh -e` a failed `$(...)` ends the shell only in an assignment of its own.
 * The timeout is longer than crictl's 2 s, within which a node that a miner keeps busy may not answer.
 */
const crictl = (socket: string): string =>
  `
c() { crictl --runtime-endpoint unix://${socket} --timeout 20s "$@"; }
found() { c pods --quiet --no-trunc --label "io.kubernetes.pod.uid=$POD_UID"; }
n=0
ids=$(found)
for id in $ids; do c stopp "$id" && c rmp --force "$id" && n=$((n+1)); done
left=$(found)
test -z "$left"
echo "killed=$n"
`.trim();

/** The same with Docker. The pause container carries the pod's label like the others, so the sandbox goes too. */
const DOCKER = `
found() { docker ps --all --quiet --no-trunc --filter "label=io.kubernetes.pod.uid=$POD_UID"; }
n=0
ids=$(found)
for id in $ids; do docker rm --force "$id" && n=$((n+1)); done
left=$(found)
test -z "$left"
echo "killed=$n"
`.trim();

const SCRIPTS: Readonly<Record<string, string>> = {
  containerd: crictl('/run/containerd/containerd.sock'),
  'cri-o': crictl('/run/crio/crio.sock'),
  docker: DOCKER,
};

/** The container runtimes that we have a script for. */
export const KNOWN_RUNTIMES: readonly string[] = Object.keys(SCRIPTS);

/** The runtime of a Node's `containerRuntimeVersion` (`containerd://1.7.24`); undefined where we do not know it. */
export const runtimeOf = (version: string): string | undefined => {
  const name = version.split('://')[0] ?? '';
  return KNOWN_RUNTIMES.includes(name) ? name : undefined;
};

/**
 * The command that ends a pod's containers with the node's own tools; the pod's UID comes in POD_UID, never in the
 * command. The node's file system is at /host. undefined for a runtime that we do not know.
 */
export const killCommand = (runtime: string): string[] | undefined => {
  const script = SCRIPTS[runtime];
  return script === undefined ? undefined : ['chroot', '/host', '/bin/sh', '-euc', `PATH=${PATHS}\n${script}`];
};

/** How many sandboxes or containers the command ended, from its output; undefined where the output does not say. */
export const killedOf = (log: string): number | undefined => {
  const [, count] = /^killed=(\d{1,6})$/m.exec(log) ?? [];
  return count === undefined ? undefined : Number(count);
};
