/** How a case went. */
export interface Outcome {
  /** In what two readers differ; undefined when they agree. */
  readonly difference: string | undefined;
  /** What kind of case it was, for the count of each. */
  readonly labels: readonly string[];
}

/** An input, one character a byte, and where it is cut. */
export interface CutInput {
  readonly input: string;
  readonly cuts: readonly number[];
}
