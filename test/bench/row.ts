/** What a row of the table is measured with. */
export type Bench = {
  /** Whether there is time: more rounds, larger inputs. */
  full: boolean;
  /** The folder of the unpacked archives; built at the first call. */
  built(): Promise<string>;
  /** A folder of this run's own. */
  folder: string;
};

/** What was measured: each subject with its single figures, in the order in which they were taken, and their unit. */
export type Raw = Readonly<Record<string, unknown>>;

/** One row: a ratio within one run, and what it is held to. No test asserts it. */
export type Row = {
  name: string;
  /** What is divided by what. */
  what: string;
  target: number;
  better: 'lower' | 'higher';
  measure(bench: Bench): Promise<{ ratio: number; raw: readonly Raw[] }>;
};
