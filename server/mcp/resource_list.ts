/**
 * The list of MCP resources, in pages.
 *
 * @module
 */

import { ProtocolError, type Resource as WireResource } from "@modelcontextprotocol/server";
import { asKairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { baseName } from "../../core/disk/mod.ts";
import { originFields, originText } from "../../core/layers/origin.ts";
import { listResources, type ResourceSummary } from "../../core/layers/list_resources.ts";
import { HOMES, type ResourceSource } from "../../core/layers/resource_source.ts";
import {
  parseResourceHref,
  resourceHref,
  type ResourceLayer,
  type ResourceUri,
  SCHEMES,
} from "../../core/layers/resource_uri.ts";
import type { View } from "../../core/layers/view.ts";
import { cell } from "./markdown.ts";
import { addressOf, cursorBehind } from "./resource_cursor.ts";

/** A page of resources. */
export interface ResourcePage {
  /** The resources. */
  readonly resources: WireResource[];
  /** Where the next page begins, unless this is the last. */
  readonly nextCursor?: string;
}

/** How many segments name a document; the law has none that says what it is about. */
const DOCUMENT_DEPTH: Readonly<Record<ResourceLayer, number>> = { l0: 0, l1: 1, l2: 2 };

/** Resources of one page. */
const PAGE = 500;
const MAX_DESCRIPTION = 300;
const INVALID_PARAMS = -32602;

const KINDS: Readonly<Record<ResourceLayer, string>> = {
  l0: "Law of this instance (L0)",
  l1: "knowledge (L1)",
  l2: "a session's note (L2)",
};

/**
 * A page of all resources, made anew because files change.
 *
 * @param instance The instance, with the law where it is to be listed
 * @param cursor Where the page begins
 * @returns The page; only addresses that clients can hand back as they are
 * @throws {ProtocolError} -32602 for text that is no cursor
 */
export function resourcePage(instance: Instance & ResourceSource, cursor?: string): ResourcePage {
  const found = [...listResources(instance, { after: start(cursor) }).take(PAGE + 1)];
  const view = instance.view();
  const page = found.slice(0, PAGE);
  const resources = page.flatMap((one) => wireResource(instance, view, one));
  return found.length > PAGE
    ? { resources, nextCursor: cursorBehind(page.at(-1)!) }
    : { resources };
}

/** A resource as lists show it; none when its address would not come back as it went out. */
function wireResource(
  instance: Instance,
  view: View,
  resource: ResourceSummary,
): WireResource[] {
  const uri = resourceHref(resource.uri);
  if (!comesBack(uri)) return [];
  const { layer, type, mime, size, origin } = resource;
  const path = resource.uri.slice(SCHEMES[layer].length);
  const isDocument = path.split("/").length === DOCUMENT_DEPTH[layer];
  const description = isDocument ? descriptionOf(instance, view, resource, path) : null;
  const kind = layer === "l0" || isDocument ? KINDS[layer] : `${type} of ${KINDS[layer]}`;
  const title = cell(path, 200);
  const about = description ?? kind.charAt(0).toUpperCase() + kind.slice(1);
  return [{
    uri,
    name: title,
    title,
    description: origin === null ? about : `${originText(origin)}: ${about}`,
    mimeType: mime,
    size,
    ...(origin === null ? {} : { _meta: { ...originFields(origin) } }),
  }];
}

/** Whether clients can hand an address back as it is, and reading takes it. */
function comesBack(uri: string): boolean {
  try {
    parseResourceHref(uri);
    return new URL(uri).href === uri;
  } catch {
    return false;
  }
}

/** What a document says it is about; `null` when it does not say, or cannot be read. */
function descriptionOf(
  instance: Instance,
  view: View,
  { layer, origin }: ResourceSummary,
  path: string,
): string | null {
  const home = HOMES[layer];
  const place = origin === null ? undefined : instance.lent(view).entries.get(path);
  const { store, folder } = place ?? { store: home, folder: `${home}/${path}` };
  const { description } = instance.shelf.outline(view, store, folder, baseName(path));
  const text = cell(description ?? "", MAX_DESCRIPTION);
  return text === "" ? null : text;
}

function start(cursor: string | undefined): ResourceUri | undefined {
  try {
    return addressOf(cursor);
  } catch (error) {
    throw new ProtocolError(INVALID_PARAMS, asKairosError(error, "Cannot continue").message);
  }
}
