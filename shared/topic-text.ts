import { TOPICS } from './model/ids.ts';
import { quote } from './text.ts';

/** What stands for a topic of which nothing is known. */
const UNKNOWN = 'unknown';

/** Whether messages of ours are published on it under this name. */
export const isOurTopic = (topic: string): boolean => TOPICS.some((one) => one === topic);

/** A topic by our own name for it. Any other came with a message, and is shown as the quotation that it is. */
export const topicText = (topic: string): string =>
  topic === UNKNOWN || isOurTopic(topic) ? topic : topic.trim() === '' ? UNKNOWN : quote(topic, 60);
