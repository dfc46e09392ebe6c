/**
 * Audiences by the kind of proof. `tokens`: ID tokens, as the command line sends them; `proxy`: assertions that
 * Identity-Aware Proxy signs for the console.
 */
export type OperatorAudiences = { tokens: string[]; proxy: string[] };

/** The audience of the tokens of people who are signed in to gcloud. */
export const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com';

const isOfProxy = (audience: string): boolean => audience.startsWith('/projects/');

/** Sorts audiences by the kind of proof that names them. */
export const byKind = (audiences: readonly string[]): OperatorAudiences => ({
  tokens: audiences.filter((one) => !isOfProxy(one)),
  proxy: audiences.filter(isOfProxy),
});

/** The audiences in the text of FIREBREAK_OPERATOR_AUDIENCE; none where it is not set. */
export const audiencesIn = (text: string | undefined): OperatorAudiences =>
  byKind(
    (text ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );
