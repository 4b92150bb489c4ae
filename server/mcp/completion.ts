/**
 * Completion of names in addresses of resources and in arguments of prompts.
 *
 * @module
 */

import type { CompleteRequestParams } from "@modelcontextprotocol/server";
import type { Instance } from "../../core/instance.ts";
import { skillName } from "../../core/layers/agent_skill.ts";
import { contextNames, knowledgeNames, sessionNames } from "../../core/layers/resource_names.ts";
import { PROMPTS } from "./prompts.ts";

/** What could be meant. */
export interface Completion {
  /** Best ones first. */
  readonly values: string[];
  /** How many there are. */
  readonly total: number;
  /** Whether there are more than are given. */
  readonly hasMore: boolean;
}

/** Most values the protocol lets out. */
const MAX_VALUES = 100;

/**
 * Completes an argument. Names that begin with what is there come before those that hold it.
 *
 * @param instance The instance whose names are offered
 * @param params What is completed, and what is there of it
 * @returns What could be meant; nothing for arguments that have no names
 */
export function complete(instance: Instance, params: CompleteRequestParams): Completion {
  const value = params.argument.value.toLowerCase();
  const names = candidates(instance, params);
  const begins = names.filter((name) => name.toLowerCase().startsWith(value));
  const holds = names.filter((name) => name.toLowerCase().indexOf(value) > 0);
  const found = [...begins, ...holds];
  return {
    values: found.slice(0, MAX_VALUES),
    total: found.length,
    hasMore: found.length > MAX_VALUES,
  };
}

function candidates(
  instance: Instance,
  { ref, argument, context }: CompleteRequestParams,
): readonly string[] {
  if (ref.type === "ref/prompt") {
    const prompt = PROMPTS.find(({ name }) => name === ref.name);
    const names = prompt?.arguments.find(({ name }) => name === argument.name)?.names;
    return names?.(instance) ?? [];
  }
  if (ref.uri.startsWith("skill://") && argument.name === "name") {
    const names = knowledgeNames(instance).flatMap((name) => skillName(name) ?? []);
    return [...new Set(names)].sort();
  }
  const isKnowledge = ref.uri.startsWith("knowledge://");
  const isContext = ref.uri.startsWith("context://");
  if (isKnowledge && argument.name === "name") return knowledgeNames(instance);
  if (isContext && argument.name === "session") return sessionNames(instance);
  if (isContext && argument.name === "name") {
    return contextNames(instance, context?.arguments?.session);
  }
  return [];
}
