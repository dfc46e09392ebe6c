import type { Log } from '../../shared/ports.ts';

/** A log whose lines are kept, each as `LEVEL NAME: MESSAGE`. */
export const keptLog = (): { log: Log; lines: string[] } => {
  const lines: string[] = [];
  const say =
    (level: string) =>
    (name: string, message: string): void =>
      void lines.push(`${level} ${name}: ${message}`);
  return { log: { info: say('info'), warn: say('warn'), error: say('error'), count: say('count') }, lines };
};
