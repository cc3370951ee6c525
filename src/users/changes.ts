/** What takes rights away from somebody who has a token or a key, at once in the process that has done it. */
export type Change =
  | { readonly kind: 'session'; readonly sessionId: string }
  /** A user was disabled or removed, or has another role or password. */
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'key'; readonly keyId: string };

/** Is told of changes after they are stored. */
export type OnChange = (change: Change) => void;
