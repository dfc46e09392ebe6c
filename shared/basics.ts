import { systemClock } from './adapters/clock.ts';
import { makeLines } from './adapters/lines.ts';
import { makeStdoutLog } from './adapters/log-stdout.ts';
import { lightenDomains } from './adapters/request-domains.ts';
import { incidentStores, makeBus, makeCloud, makeComputePort, makeTracing } from './clients.ts';
import type { Config, ConfigWith } from './config.ts';
import type { Policy } from './decision/policy.ts';
import type { OperatePorts } from './decision/requests/request.ts';
import type { Detector } from './detection/detector.ts';
import type { TracedLog } from './log.ts';
import type { FunctionName } from './model/ids.ts';
import type { Bus } from './ports.ts';
import type { Basics } from './ports-of.ts';
import type { Spans } from './spans.ts';
import { tracedBus, tracedLog } from './traced.ts';

/* The parts that the wirings of all functions share. */

/** The ports of a function, with a bus and a log that record messages and lines in spans as well. */
export const traced = async <P extends { log: TracedLog; bus: Bus }>(
  name: FunctionName,
  config: Config,
  ports: P,
): Promise<P & { spans: Spans }> => {
  const spans = await makeTracing(name, config, ports.log);
  return { ...ports, log: tracedLog(ports.log, spans), bus: tracedBus(ports.bus, spans), spans };
};

const stdout = makeLines((lines) => void process.stdout.write(lines), setImmediate);
process.on('exit', stdout.flush);

/** The clock and the log of a function, which all its ports share. */
export const basics = (name: FunctionName, { project }: Config): Basics => {
  lightenDomains();
  const { write } = stdout;
  return { clock: systemClock, log: makeStdoutLog({ function: name, project, clock: systemClock, write }) };
};

/** Reads the policy file and logs its hash, which `firebreak doctor` compares with that of the intended file. */
export const readPolicyFile = async (name: FunctionName, config: Config): Promise<{ policy: Policy; hash: string }> => {
  const read = await (await import('./policy-of-file.ts')).policyOfFile({
    path: config.policy,
    sha256: config.policySha256,
  });
  basics(name, config).log.info('file -> policy', 'this is the policy', { policy: read.hash });
  return read;
};

/** Makes the detector from the rules file, and logs the file's hash. */
export const readRulesFile = async (name: FunctionName, config: Config): Promise<Detector> => {
  const { rules: path, rulesSha256: sha256, identities } = config;
  const { detectorOfFile } = await import('./detector-of-file.ts');
  const { detector, hash } = await detectorOfFile({ path, sha256 }, identities);
  basics(name, config).log.info('file -> rules', 'these are the rules', { rules: hash });
  return detector;
};

/** The ports that decide and operate share: both read the world, write incidents, and know the policy. */
export const deciding = async (
  name: 'decide' | 'operate',
  config: ConfigWith<'bus' | 'store' | 'clusters'>,
): Promise<Basics & OperatePorts> => {
  const { clock, log } = basics(name, config);
  const [stores, bus, clusters, compute, { policy, hash }] = await Promise.all([
    incidentStores(config, log, undefined),
    makeBus(config),
    makeCloud(config),
    makeComputePort(config),
    readPolicyFile(name, config),
  ]);
  return traced(name, config, { clock, log, bus, stores, clusters, compute, policy, policyHash: hash });
};
