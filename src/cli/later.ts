/** Something that others wait for, and that happens once. */
export class Later {
  readonly promise: Promise<void>;
  happen: () => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve) => (this.happen = resolve));
  }
}
