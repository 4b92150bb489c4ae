/**
 * What can be proposed: one row for each kind of change.
 *
 * A kind that changes the law has `skills/kairos.ts` as its only file; its base and new hash are those
 * of the law as data. A kind about a SkillSet has its folder as its only file, and the hashes are those of
 * what a decision is bound to. Any other kind is a list of files. See `kairos_formats/evolution.md#kinds`.
 *
 * @module
 */

import { RECEIVED_PATHS } from "../layers/received.ts";
import { ADOPTED_PATHS } from "../protocol/adoption.ts";
import { LAW_SOURCE } from "./law_file.ts";

/** What is done to a SkillSet. */
export type SkillSetVerb = "install" | "enable" | "disable" | "remove";

/** What sets a kind apart. */
export interface Kind {
  /** Whether the law itself changes. */
  readonly changesLaw: boolean;
  /** Files it may touch. */
  readonly paths: RegExp;
  /** Whether it is barred while evolution is switched off, and counts towards the limit. */
  readonly isEvolution: boolean;
  /** Whether it stands for exactly one skill, the subject. */
  readonly oneSkill: boolean;
  /**
   * Whether it comes from a person's own hand, so that a person at the terminal, or an approver's key,
   * may go beyond what the law lets an agent do.
   */
  readonly byHand: boolean;
  /** What is done to the SkillSet that is the subject; `null` for a kind about something else. */
  readonly skillset: SkillSetVerb | null;
  /**
   * What kind of entry it makes, the only file being its document; `null` for anything else. An adopted one
   * may take the place of another version of it.
   */
  readonly makes: "received" | "adopted" | null;
}

const ONLY_LAW = new RegExp(`^${LAW_SOURCE.replaceAll(".", "\\.")}$`);
const NOTHING = /^(?!)/;

/** A kind about one SkillSet, which is no part of the law. */
function skillSetKind(verb: SkillSetVerb): Kind {
  return {
    changesLaw: false,
    paths: /^skillsets\/[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/,
    isEvolution: false,
    oneSkill: false,
    byHand: false,
    skillset: verb,
    makes: null,
  };
}

/** Every kind by its name. */
export const KINDS = {
  /** A skill that is there says something else. */
  skill: {
    changesLaw: true,
    paths: ONLY_LAW,
    isEvolution: true,
    oneSkill: true,
    byHand: false,
    skillset: null,
    makes: null,
  },
  /** A skill that was not there. */
  skill_add: {
    changesLaw: true,
    paths: ONLY_LAW,
    isEvolution: true,
    oneSkill: true,
    byHand: false,
    skillset: null,
    makes: null,
  },
  /** Knowledge becomes a skill, or a part of one. */
  promotion: {
    changesLaw: true,
    paths: ONLY_LAW,
    isEvolution: true,
    oneSkill: true,
    byHand: false,
    skillset: null,
    makes: null,
  },
  /** An earlier version of the law. */
  rollback: {
    changesLaw: true,
    paths: ONLY_LAW,
    isEvolution: false,
    oneSkill: false,
    byHand: true,
    skillset: null,
    makes: null,
  },
  /** The working copy as somebody edited it, or a law that was converted. */
  adopt: {
    changesLaw: true,
    paths: ONLY_LAW,
    isEvolution: false,
    oneSkill: false,
    byHand: true,
    skillset: null,
    makes: null,
  },
  /** Instructions for agents, and which of them are given. */
  instructions: {
    changesLaw: false,
    paths: /^skills\/(?!kairos\.md$)(?:[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,127}\.md|config\.yml)$/u,
    isEvolution: true,
    oneSkill: false,
    byHand: false,
    skillset: null,
    makes: null,
  },
  /** The constitution as a state commit has it. */
  constitution: {
    changesLaw: false,
    paths: /^skills\/kairos\.md$/,
    isEvolution: false,
    oneSkill: false,
    byHand: true,
    skillset: null,
    makes: null,
  },
  /** The count of a principal's changes begins anew; the subject is the principal. */
  limit_reset: {
    changesLaw: false,
    paths: NOTHING,
    isEvolution: false,
    oneSkill: false,
    byHand: false,
    skillset: null,
    makes: null,
  },
  /** A package becomes a SkillSet that is not in use; the subject is its name. */
  skillset_install: skillSetKind("install"),
  /** A SkillSet comes into use. */
  skillset_enable: skillSetKind("enable"),
  /** A SkillSet of L0 is taken out of use. */
  skillset_disable: skillSetKind("disable"),
  /** A SkillSet of L0 is removed. */
  skillset_remove: skillSetKind("remove"),
  /** An entry another instance gave; the subject is its name here. */
  skill_receive: {
    changesLaw: false,
    paths: RECEIVED_PATHS,
    isEvolution: false,
    oneSkill: false,
    byHand: false,
    skillset: null,
    makes: "received",
  },
  /** A definition of the protocol becomes knowledge and counts; the subject is its name. */
  protocol_adopt: {
    changesLaw: false,
    paths: ADOPTED_PATHS,
    isEvolution: false,
    oneSkill: false,
    byHand: false,
    skillset: null,
    makes: "adopted",
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** A kind of change. */
export type KindName = keyof typeof KINDS;

/**
 * Whether a word names a kind.
 *
 * @param word Any word
 * @returns `true` for a key of {@linkcode KINDS}
 */
export function isKind(word: unknown): word is KindName {
  return typeof word === "string" && Object.hasOwn(KINDS, word);
}
