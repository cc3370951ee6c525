/** A worker did not do what it was asked to. */
export class WorkerFault extends Error {
  override readonly name = 'WorkerFault';
  /** It has said no, and is as it was. Otherwise it has ended, or said nothing in time: nobody knows what it did. */
  readonly isRefusal: boolean;
  /** That of the system's error, when it was one. */
  readonly code: string | undefined;

  constructor(
    message: string,
    { isRefusal, code }: { readonly isRefusal: boolean; readonly code?: string | undefined },
  ) {
    super(message);
    this.isRefusal = isRefusal;
    this.code = code;
  }
}
