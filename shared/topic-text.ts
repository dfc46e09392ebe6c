import { TOPICS } from './model/ids.ts';
import { quote } from './text.ts';

/** The name shown for a topic that is not known. */
const UNKNOWN = 'unknown';

/** Whether this is our own name of one of our topics. */
export const isOurTopic = (topic: string): boolean => TOPICS.some((one) => one === topic);

/** A topic for people: by our own name for it; any other name came with a message, so it is shown as a quotation. */
export const topicText = (topic: string): string =>
  topic === UNKNOWN || isOurTopic(topic) ? topic : topic.trim() === '' ? UNKNOWN : quote(topic, 60);
