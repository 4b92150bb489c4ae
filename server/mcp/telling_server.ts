/**
 * The SDK's server, but for what it tells whoever asks who it is.
 *
 * @module
 */

import {
  type JSONRPCRequest,
  type Result,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/** The requests that are answered with instructions, of the older eras and of 2026-07-28. */
const TELLING: readonly string[] = ["initialize", "server/discover"];

/**
 * A server whose instructions are those of the moment they are asked for: a connection may stay for
 * days, and a person may change them meanwhile.
 */
export class TellingServer extends Server {
  readonly #tell: () => string;

  /**
   * @param info Name and version
   * @param options What it can do
   * @param tell Gives the instructions; an empty text for none
   */
  constructor(
    info: ConstructorParameters<typeof Server>[0],
    options: ConstructorParameters<typeof Server>[1],
    tell: () => string,
  ) {
    super(info, options);
    this.#tell = tell;
  }

  /**
   * Puts the instructions of the moment into the answers that carry them.
   *
   * @param method The method
   * @param handler What answers it
   * @returns What answers it here
   */
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    if (!TELLING.includes(method)) return wrapped;
    return async (request, context) => {
      const answer = await wrapped(request, context);
      const instructions = this.#tell();
      return instructions === "" ? answer : { ...answer, instructions };
    };
  }
}
