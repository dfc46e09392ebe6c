import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { secretCalls } from '../secrets.ts';

const SCRIPTS = /^(?:curl|python|wget|go-http|perl|axios|ruby|php|libwww)|kali/i;

/** A client that people use in scripts read a secret. */
export const secretReadByScript = callRule({
  id: 'secret-read-by-script',
  title: 'Secret read by a script',
  sees: 'A secret that is read or listed by a client with the user agent of curl, wget, axios, or the HTTP library of a scripting language. Needs the Data Access log.',
  why: 'Programs in a cluster use a Kubernetes client library; somebody who has just found a token uses the tools at hand.',
  technique: [{ id: 'T1552.007', name: 'Unsecured Credentials: Container API' }],
  severity: 'high',
  confidence: 0.65,
  family: 'identity',
  falsePositives: ['Your own scripts'],
  calls: secretCalls('get', 'list'),
  narrowed: `protoPayload.requestMetadata.callerSuppliedUserAgent=~"(?i)${SCRIPTS.source}"`,
  example: "curl -H 'Authorization: Bearer ...' https://ENDPOINT/api/v1/namespaces/shop/secrets/db",
  match: (signal) => {
    const { outcome, userAgent = '' } = signal;
    if (outcome !== 'ok' || !SCRIPTS.test(userAgent)) return undefined;
    return { because: [`${shownCaller(signal)} read ${shownObject(signal)} with ${quote(userAgent, 120)}`] };
  },
});
