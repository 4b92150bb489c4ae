/**
 * From what somebody asks for to the files it would leave: the law is changed as data and printed,
 * text is never searched and replaced.
 *
 * @module
 */

import type { Law, Skill } from "../dsl/ast.ts";
import { lawHash } from "../dsl/canonical.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import { printLaw } from "../dsl/print.ts";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import type { KeptSignature } from "../skillset/signature.ts";
import type { PackedFile } from "../skillset/tar_write.ts";
import { quote } from "../text.ts";
import type { EvolutionHost } from "./host.ts";
import type { LawInForce } from "./in_force.ts";
import { type KindName, KINDS } from "./kinds.ts";
import { LAW_SOURCE, type LawFile, MAX_LAW_SOURCE } from "./law_file.ts";
import { type CheckResult, filesHash, type Proposal, type ProposedFile } from "./proposal.ts";
import { proveLaw } from "./prove_law.ts";
import { readVersion } from "./versions.ts";

/** What somebody asks for. */
export interface ChangeRequest {
  /** The kind of change. */
  readonly kind: KindName;
  /**
   * What it is about: the skill's id; the snapshot's name for `rollback`; the mode for
   * `instructions`; the principal for `limit_reset`; the name of a SkillSet, an entry or a definition; left out for `adopt` and
   * `skillset_install`.
   */
  readonly subject?: string;
  /** For `skill`, `skill_add`, `promotion`: the source text of the one skill. */
  readonly definition?: string;
  /** For `adopt`: the whole source; the working copy unless given. */
  readonly source?: string;
  /** For a change of files: path to new text, or `null` to remove the file. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** For `skillset_install`: the files of a package, judged already. */
  readonly package?: readonly PackedFile[];
  /** For `skillset_install`: who vouches for the package; nobody unless given. */
  readonly signature?: KeptSignature | null;
  /** Why. */
  readonly reason: string;
  /** Where the content comes from; `local` unless given. */
  readonly origin?: string;
  /** What the door found beside the checks that are made here, and what a person is to look at. */
  readonly found?: readonly CheckResult[];
}

/** A change, worked out. */
export interface PreparedChange {
  /** What it is about. */
  readonly subject: string;
  /** The files it changes. */
  readonly files: readonly ProposedFile[];
  /** New bytes by their SHA-256. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Hash of the law, or of the files, before. */
  readonly baseHash: string;
  /** Hash of the law, or of the files, after. */
  readonly newHash: string;
  /** The law afterwards, when the law changes. */
  readonly after: Law | null;
  /** What it does, for people, where that is more than what the texts of files tell. */
  readonly diff?: Proposal["diff"];
}

/** Largest file of a change that is not the law. */
const MAX_FILE = 1024 * 1024;

/**
 * Works out what a request would change.
 *
 * @param host The instance
 * @param law The law in force
 * @param request What is asked for
 * @returns The files before and after
 * @throws {KairosError} `invalid`, `not_found`, `exists`, `refused`, `too_large`
 */
export function prepareChange(
  host: EvolutionHost,
  law: LawInForce & { readonly file: LawFile },
  request: ChangeRequest,
): PreparedChange {
  if (!KINDS[request.kind].changesLaw) return prepareFiles(host, request);
  const { subject, source } = lawAfter(host, law, request);
  const bytes = new TextEncoder().encode(source);
  if (bytes.length > MAX_LAW_SOURCE) {
    throw new KairosError("too_large", `Cannot propose a law of ${bytes.length} bytes`, {
      hint: `Keep it below ${MAX_LAW_SOURCE} bytes`,
    });
  }
  const after = parseLaw(source, { file: LAW_SOURCE });
  const object = sha256(bytes);
  if (object === law.file.object) {
    throw new KairosError("invalid", "Cannot propose that: the law already says so");
  }
  return {
    subject,
    files: [{ path: LAW_SOURCE, base: law.file.object, new: object }],
    contents: new Map([[object, bytes]]),
    baseHash: law.file.ast,
    newHash: lawHash(after),
    after,
  };
}

function lawAfter(
  host: EvolutionHost,
  law: LawInForce,
  request: ChangeRequest,
): { subject: string; source: string } {
  if (request.kind === "rollback") return lawBefore(host, request.subject ?? "");
  if (request.kind === "adopt") {
    return { subject: LAW_SOURCE, source: request.source ?? workingCopy(host) };
  }
  const skill = oneSkill(request);
  const { skills } = law.law;
  const there = skills.some(({ id }) => id === skill.id);
  if (there && request.kind === "skill_add") {
    throw new KairosError("exists", `Skill ${quote(skill.id)} already exists`, {
      hint: "Propose a change of it instead",
    });
  }
  if (!there && request.kind === "skill") {
    throw new KairosError("not_found", `Skill ${quote(skill.id)} not found`, {
      hint: `Add it instead, or name one of: ${skills.map(({ id }) => id).join(", ")}`,
    });
  }
  const changed = there
    ? skills.map((one) => one.id === skill.id ? skill : one)
    : [...skills, skill];
  return { subject: skill.id, source: printLaw({ skills: changed }) };
}

/** The one skill of a definition: what defines another beside it is refused. */
function oneSkill({ subject, definition }: ChangeRequest): Skill {
  if (subject === undefined || definition === undefined) {
    throw new KairosError("usage", "Cannot propose a skill without its id and its definition");
  }
  const { skills } = parseLaw(definition, { file: "definition" });
  const [skill, ...more] = skills;
  if (skill === undefined || skill.id !== subject || more.length > 0) {
    const found = skills.map(({ id }) => quote(id)).join(", ") || "no skill";
    throw new KairosError(
      "refused",
      `Cannot propose skill ${quote(subject)}: the definition defines ${found}`,
      { hint: "Send the definition of that one skill and nothing else" },
    );
  }
  return skill;
}

/** A version that was law: its snapshot must be what was decided, or it is refused. */
function lawBefore(
  host: EvolutionHost,
  name: string,
): { subject: string; source: string } {
  const { version, source, hash } = readVersion(host.view(), name);
  const { law } = version;
  const proven = law === null ? "nothing says which law it was" : proveLaw(host, law);
  const problem = typeof proven === "string"
    ? proven
    : hash === proven.file.object
    ? null
    : "its text is not the one that was decided";
  if (problem !== null) {
    throw new KairosError("refused", `Cannot go back to version ${quote(name)}: ${problem}`, {
      hint: "Choose another one; to use this text put it into skills/kairos.ts and adopt it",
    });
  }
  return { subject: name, source };
}

function workingCopy({ view }: EvolutionHost): string {
  const bytes = view().read(LAW_SOURCE, MAX_LAW_SOURCE);
  if (bytes === null) {
    throw new KairosError("not_found", `Cannot adopt ${LAW_SOURCE}: it is missing`);
  }
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    throw new KairosError("invalid", `Cannot adopt ${LAW_SOURCE}: it is no valid UTF-8`);
  }
}

function prepareFiles(host: EvolutionHost, request: ChangeRequest): PreparedChange {
  const { kind, subject, files: wanted = {} } = request;
  if (subject === undefined) throw new KairosError("usage", `Cannot propose ${kind} for nothing`);
  const contents = new Map<string, Uint8Array>();
  const files = Object.entries(wanted).sort(([a], [b]) => a < b ? -1 : 1).map(([path, text]) => {
    if (!KINDS[kind].paths.test(path)) {
      throw new KairosError("refused", `Cannot propose a change of ${quote(path)} as ${kind}`);
    }
    const bytes = text === null ? null : new TextEncoder().encode(text);
    if (bytes !== null && bytes.length > MAX_FILE) {
      throw new KairosError("too_large", `Cannot propose ${bytes.length} bytes for ${quote(path)}`);
    }
    const there = currentFile(host, path);
    checkSettingsChange(path, there, text);
    const object = bytes === null ? null : sha256(bytes);
    if (bytes !== null && object !== null) contents.set(object, bytes);
    return { path, base: there === null ? null : sha256(there), new: object };
  });
  const [baseHash, newHash] = [filesHash(files, "base"), filesHash(files, "new")];
  if (files.length > 0 && baseHash === newHash) {
    throw new KairosError("invalid", "Cannot propose that: the files already say so");
  }
  return { subject, files, contents, baseHash, newHash, after: null };
}

/**
 * The bytes of a file as they are, or `null`.
 *
 * @param host The instance
 * @param path Its path relative to the data directory
 * @returns The bytes
 */
export function currentFile({ view }: EvolutionHost, path: string): Uint8Array | null {
  const look = view();
  if (look.stat(path) === null) return null;
  if (!look.isInside(path, path.split("/")[0]!)) {
    throw new KairosError("refused", `Cannot propose a change of ${quote(path)}: it leads outside`);
  }
  return look.read(path, MAX_FILE);
}

/**
 * The SHA-256 of a file as it is now.
 *
 * @param host The instance
 * @param path Its path relative to the data directory
 * @returns 64 hexadecimal digits, or `null` when it is missing
 */
export function fileHash(host: EvolutionHost, path: string): string | null {
  const bytes = currentFile(host, path);
  return bytes === null ? null : sha256(bytes);
}

/** Of the settings only the choice of instructions is open to a proposal. */
function checkSettingsChange(path: string, before: Uint8Array | null, after: string | null): void {
  if (!path.endsWith("/config.yml")) return;
  const rest = (text: string) => text.replace(/^instructions_mode:.*(?:\r?\n|$)/gm, "");
  const old = new TextDecoder().decode(before ?? new Uint8Array(0));
  if (after === null || rest(old) !== rest(after)) {
    throw new KairosError("refused", "Cannot propose other settings than instructions_mode", {
      hint: "Settings are changed by hand in skills/config.yml",
    });
  }
}
