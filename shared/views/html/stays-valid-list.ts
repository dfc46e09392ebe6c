import { z } from 'zod';
import type { Revocation } from '../../model/entry.ts';
import { block, foreign, type Html, html } from './escape.ts';

/** The fields shown of the `what-stays-valid.json` that capture-evidence keeps. That of a node has only its own rights. */
export const staysValidExhibit = z.looseObject({
  serviceAccount: z.string().optional(),
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
const revocationList = (revoke: readonly Revocation[]): Html =>
  revoke.length === 0
    ? html``
    : html`<h4>To revoke them</h4><ol class="revoke">${revoke
        .slice(0, 50)
        .map(({ ends, command }) => html`<li><p>To end ${foreign(ends)}:</p>${block(command, 1000)}</li>`)}</ol>`;

const rightsHtml = (valid: StaysValidExhibit): Html => html`<dl class="pairs">${[
  named('service account', valid.serviceAccount === undefined ? [] : [valid.serviceAccount]),
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
    'identity of the node',
    valid.node.map((n) => n.email),
  ),
  named(
    'scopes',
    valid.node.flatMap((n) => n.scopes),
  ),
  named('could not be read', valid.unread),
]}</dl>
${revocationList(valid.revoke)}`;

/**
 * What is known of the rights of a pod, or of a node by its name; `unread`: why nothing is, with the commands that the
 * journal has in any case.
 */
type StaysValidOfPod =
  | { pod: string; exhibit: StaysValidExhibit }
  | { pod: string; unread: string; revoke: readonly Revocation[] };

/** Those of which the same is to be said, together. */
const alike = (all: readonly StaysValidOfPod[]): StaysValidOfPod[][] => [
  ...Map.groupBy(all, (one) => JSON.stringify('exhibit' in one ? one.exhibit : one.revoke)).values(),
];

const unreadHtml = (one: StaysValidOfPod): Html | undefined =>
  'unread' in one ? html`<p>${foreign(one.unread)}</p>` : undefined;

/**
 * The rights of pods and nodes that outlive their containment, and the commands with which a person would revoke each.
 * Those with the same rights share a section.
 */
export const staysValidList = (all: readonly StaysValidOfPod[]): Html =>
  html`${alike(all).map(
    (pods) => html`<section class="valid">
<h3>${foreign(pods.map(({ pod }) => pod).join(', '), 2000)}</h3>${pods.map(unreadHtml)}
${pods.slice(0, 1).map((one) => ('exhibit' in one ? rightsHtml(one.exhibit) : revocationList(one.revoke)))}
</section>`,
  )}`;
