import { toldOfText } from '../told-of-text.ts';
import { plainParts } from './command.ts';

type Kind = { what: string; path: RegExp };

const KINDS: readonly Kind[] = [
  // The certificate of the authority and the name of the namespace are no secrets.
  {
    what: 'the token of a service account, or another mounted secret',
    path: /\/run\/secrets\/(?!kubernetes\.io\/serviceaccount\/(?:ca\.crt|namespace)\b)[^\s/;|&]{1,200}\/[^\s;|&]/,
  },
  { what: 'the password hashes of a system', path: /\/etc\/g?shadow\b/ },
  { what: 'the folder of the kubelet', path: /\/var\/lib\/kubelet\b/ },
  { what: "another process's environment", path: /\/proc\/(?:\d{1,10}|self|\*)\/environ\b/ },
  { what: 'credentials of Kubernetes', path: /\.kube\/config\b|\/etc\/kubernetes\/(?:pki|admin\.conf|kubelet\.conf)/ },
  {
    what: 'credentials of a cloud',
    path: /application_default_credentials\.json|\.config\/gcloud\/|\.aws\/credentials\b|\.azure\/[^\s]{0,40}token/,
  },
  { what: 'a private key', path: /\.ssh\/id_|\bid_(?:rsa|ed25519|ecdsa)\b(?!\.pub)|\btls\.key\b/ },
  { what: 'credentials of other services', path: /\.docker\/config\.json|\.git-credentials\b|\.pgpass\b|\.netrc\b/ },
];
const PEM = /[\w.-]{1,100}\.pem\b/g;
/** Programs that tell of a file without reading it. */
const TELLS = /^[\s;|&]{0,16}(?:\S{0,60}\/)?(?:ls|stat|test|\[|df|du|mount|readlink)\s/;
const RUNS_WITHIN = /\$\(|<\(/;

/** Whose secret a command line reads, as a sentence ends; undefined for nobody's. What only lists files reads none. */
export const credentialsIn = toldOfText((line): string | undefined => {
  const reading = plainParts(line).filter((part) => !TELLS.test(part) || RUNS_WITHIN.test(part));
  const kind = KINDS.find(({ path }) => reading.some((part) => path.test(part)));
  if (kind !== undefined) return `reads ${kind.what}`;
  const key = reading.flatMap((part) => part.match(PEM) ?? []).some((name) => /key|priv/.test(name));
  return key ? 'reads a private key' : undefined;
});
