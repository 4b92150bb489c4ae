/**
 * MCP resources: templates of their addresses, and reading one.
 *
 * @module
 */

import {
  ProtocolError,
  ResourceNotFoundError,
  type ResourceTemplateType,
  type TextResourceContents,
} from "@modelcontextprotocol/server";
import { Buffer } from "node:buffer";
import { asKairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { OBJECT_SCHEME, readObject } from "../../core/layers/resource_object.ts";
import { parseResourceHref, resourceHref } from "../../core/layers/resource_uri.ts";
import { findResourceAt, readResourceAt } from "../../core/layers/read_resource.ts";
import { withLaw } from "./law_text.ts";
import { PACKAGE_SCHEME, readPackageResource } from "./package_resource.ts";
import { readSkillFile, SKILL_SCHEME } from "./skills.ts";

/** Addresses a client can make up by itself. */
export const RESOURCE_TEMPLATES: readonly ResourceTemplateType[] = [
  {
    uriTemplate: "knowledge://{name}",
    name: "knowledge",
    title: "Knowledge entry",
    description: "The document of a knowledge entry (L1)",
    mimeType: "text/markdown",
  },
  {
    uriTemplate: "knowledge://{name}/{+path}",
    name: "knowledge_file",
    title: "File of a knowledge entry",
    description: "A file in scripts/, assets/ or references/ of a knowledge entry (L1)",
  },
  {
    uriTemplate: "context://{session}/{name}",
    name: "context",
    title: "Note of a session",
    description: "A note saved in a working session (L2)",
    mimeType: "text/markdown",
  },
  {
    uriTemplate: "context://{session}/{name}/{+path}",
    name: "context_file",
    title: "File of a session's note",
    description: "A file in scripts/, assets/ or references/ of a session's note (L2)",
  },
  {
    uriTemplate: `${OBJECT_SCHEME}{sha256}`,
    name: "object",
    title: "Past version",
    description: "A version the chain has a record of, by its SHA-256 as knowledge_history and " +
      "the records of the chain give it",
  },
  {
    uriTemplate: `${PACKAGE_SCHEME}{name}`,
    name: "package",
    title: "Package of a SkillSet",
    description: "The envelope of an installed SkillSet, as others install it",
    mimeType: "application/json",
  },
  {
    uriTemplate: `${SKILL_SCHEME}{name}/{+path}`,
    name: "skill_file",
    title: "File of a skill",
    description: "SKILL.md or another file of a knowledge entry (L1), served as an Agent Skill",
  },
];

/** What one resource holds: text, or bytes in base64. */
export type ResourceContents = TextResourceContents | {
  /** Its address. */
  readonly uri: string;
  /** Media type. */
  readonly mimeType: string;
  /** Its bytes in base64. */
  readonly blob: string;
};

const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;
/** Codes that are not the caller's fault. */
const OURS: ReadonlySet<string> = new Set(["internal", "io", "corrupt", "locked"]);

/**
 * Reads a resource for a client.
 *
 * @param instance The instance
 * @param uri Its address, names percent-encoded
 * @param signal Aborted when nobody waits for it any more
 * @returns Its content
 * @throws {ResourceNotFoundError} When there is none of this address
 * @throws {ProtocolError} When it is refused or too large (-32602), or cannot be read (-32603)
 */
export async function readContents(
  instance: Instance,
  uri: string,
  signal: AbortSignal,
): Promise<ResourceContents> {
  try {
    if (uri.startsWith(OBJECT_SCHEME)) {
      const id = uri.slice(OBJECT_SCHEME.length);
      return contents(await readObject(instance, id, signal));
    }
    if (uri.startsWith(PACKAGE_SCHEME)) {
      return contents(await readPackageResource(instance, uri));
    }
    if (uri.startsWith(SKILL_SCHEME)) {
      return contents({ ...readSkillFile(await instance.skills(), uri), uri });
    }
    const address = parseResourceHref(uri);
    const resource = readResourceAt(await withLaw(instance, address.layer), address, uri);
    return contents({ ...resource, uri: resourceHref(resource.uri) });
  } catch (error) {
    throw protocolError(error, uri);
  }
}

/**
 * The one address of a resource that may be read, whichever of its addresses is given.
 *
 * @param instance The instance
 * @param uri An address, names percent-encoded
 * @returns The address as notices give it; `null` for a past version, which never changes
 * @throws {ProtocolError} As {@linkcode readContents}
 */
export async function canonicalHref(instance: Instance, uri: string): Promise<string | null> {
  if (uri.startsWith(OBJECT_SCHEME)) return null;
  try {
    const address = parseResourceHref(uri);
    const source = await withLaw(instance, address.layer);
    return resourceHref(findResourceAt(source, address, uri).canonical);
  } catch (error) {
    throw protocolError(error, uri);
  }
}

function contents(
  { uri, mime, text, bytes = new Uint8Array(0) }: {
    readonly uri: string;
    readonly mime: string;
    readonly text: string | null;
    readonly bytes?: Uint8Array;
  },
): ResourceContents {
  if (text !== null) return { uri, mimeType: mime, text };
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    uri,
    mimeType: mime,
    blob: Buffer.from(buffer, byteOffset, byteLength).toString("base64"),
  };
}

/** An address that names nothing is not found, whatever is wrong with it. */
function protocolError(error: unknown, uri: string): ProtocolError {
  const { code, message, hint } = asKairosError(error, "Cannot read the resource");
  const text = hint === undefined ? message : `${message}; ${hint}`;
  if (code === "not_found" || code === "invalid") return new ResourceNotFoundError(uri, text);
  return new ProtocolError(OURS.has(code) ? INTERNAL_ERROR : INVALID_PARAMS, text, { uri, code });
}
