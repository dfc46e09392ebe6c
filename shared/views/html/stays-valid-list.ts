import { z } from 'zod';
import type { Revocation } from '../../model/entry.ts';
import { block, foreign, type Html, html } from './escape.ts';

/** The fields shown of the `what-stays-valid.json` that capture-evidence keeps. */
export const staysValidExhibit = z.looseObject({
  serviceAccount: z.string(),
  googleServiceAccount: z.string().optional(),
  bindings: z.array(z.looseObject({ kind: z.string(), name: z.string() })).default([]),
  secrets: z.array(z.looseObject({ name: z.string() })).default([]),
  node: z.array(z.looseObject({ email: z.string(), scopes: z.array(z.string()).default([]) })).default([]),
  unread: z.array(z.string()).default([]),
  revoke: z.array(z.looseObject({ ends: z.string(), command: z.string() })).default([]),
});
export type StaysValidExhibit = z.infer<typeof staysValidExhibit>;

const code = (text: string): Html => html`<li><code>${foreign(text)}</code></li>`;

const named = (title: string, names: readonly string[]): Html | undefined =>
  names.length === 0
    ? undefined
    : html`<div><dt>${title}</dt><dd><ul>${[...new Set(names)].slice(0, 50).map(code)}</ul></dd></div>`;

/** The commands that end each right that outlives a containment. */
export const revocationList = (revoke: readonly Revocation[]): Html =>
  revoke.length === 0
    ? html``
    : html`<h4>To revoke them</h4><ol class="revoke">${revoke
        .slice(0, 50)
        .map(({ ends, command }) => html`<li><p>To end ${foreign(ends)}:</p>${block(command, 1000)}</li>`)}</ol>`;

/** The rights of a pod that outlive its containment, and the commands with which a person would revoke each. */
export const staysValidList = (pod: string, valid: StaysValidExhibit): Html => html`<section class="valid">
<h3>${foreign(pod)}</h3>
<dl class="pairs">${[
  named('service account', [valid.serviceAccount]),
  named('Google identity', valid.googleServiceAccount === undefined ? [] : [valid.googleServiceAccount]),
  named(
    'bindings',
    valid.bindings.map((b) => `${b.kind} ${b.name}`),
  ),
  named(
    'Secrets it could read',
    valid.secrets.map((s) => s.name),
  ),
  named(
    'identity of its node',
    valid.node.map((n) => n.email),
  ),
  named(
    'scopes',
    valid.node.flatMap((n) => n.scopes),
  ),
  named('could not be read', valid.unread),
]}</dl>
${revocationList(valid.revoke)}
</section>`;
