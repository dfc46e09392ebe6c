/** One delivered message, whatever shape it came in. `data` is the decoded JSON body. */
export type Envelope = {
  id: string;
  /** Topic without project and prefix, as read from the push path. */
  topic: string;
  attributes: Record<string, string>;
  data: unknown;
  publishedAt: string;
  subscription?: string;
  deliveryAttempt?: number;
  trace?: string;
};
