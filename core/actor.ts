/**
 * Who acts, and what goes on the chain about it.
 *
 * @module
 */

/** Who acts: the door and the person or token behind it, and the agent it claims to be. */
export interface Actor {
  /** Door and name, such as `cli:alice`, `stdio:alice`, `http:local`; never from an argument. */
  readonly principal: string;
  /** What the client calls itself; a claim. */
  readonly agentId?: string;
}

/** A record on its way to the chain; its time and its actor are added. */
export type RecordFields = Readonly<Record<string, unknown>> & { readonly type: string };
