/** The means of measuring a row of the table. */
export type Bench = {
  /** Whether to take more time: more rounds, larger inputs. */
  full: boolean;
  /** The folder with the unpacked archives; builds them at the first call. */
  built(): Promise<string>;
  /** A folder for this run. */
  folder: string;
};

/** Measurements: each subject with its values, in the order in which they were taken, and their unit. */
export type Raw = Readonly<Record<string, unknown>>;

/** One row: a ratio within one run, and its target. No test asserts the target. */
export type Row = {
  name: string;
  /** A description of the ratio: what is divided by what. */
  what: string;
  target: number;
  better: 'lower' | 'higher';
  measure(bench: Bench): Promise<{ ratio: number; raw: readonly Raw[] }>;
};
