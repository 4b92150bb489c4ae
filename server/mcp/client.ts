/**
 * The program on the other side of a call, and the person who may sit before it.
 *
 * @module
 */

/** What a client says it can do when it is asked. */
export interface ClientAbilities {
  /** It can show its person a form. */
  readonly elicitation: boolean;
  /** It can ask its model. */
  readonly sampling: boolean;
  /** It can name the folders it works in. */
  readonly roots: boolean;
}

/** A question to the person before the client. */
export interface Question {
  /** What exactly it is about; an answer to a question about anything else does not count. */
  readonly about: string;
  /** What the person reads. */
  readonly message: string;
  /** The words the person chooses from. */
  readonly choices: readonly string[];
}

/** A client, as a tool sees it. */
export interface Client {
  /** What it can do. */
  readonly can: ClientAbilities;
  /**
   * What the person chose. It can be asked once.
   *
   * @param about What the question was about
   * @returns One of the choices; `dismissed` when the question was put away or the answer is none of
   *   them; `null` when this call carries no answer
   * @throws {KairosError} `refused` for an answer to another question, a forged, late or used one
   */
  answer(about: string): string | null;
}

/** What the person did who chose nothing. */
export const DISMISSED = "dismissed";

/** A client that can ask nobody. */
export const NO_CLIENT: Client = {
  can: { elicitation: false, sampling: false, roots: false },
  answer: () => null,
};
