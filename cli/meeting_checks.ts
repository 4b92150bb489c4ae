/**
 * What `kairos doctor` says of meeting other instances.
 *
 * @module
 */

import { asKairosError } from "../core/errors.ts";
import type { Instance } from "../core/instance.ts";
import { quote } from "../core/text.ts";
import { Peers } from "../mmp/peers.ts";
import { loadMeetingSettings, MEETING_FILE } from "../mmp/settings.ts";
import { whyClosed } from "../mmp/why_closed.ts";
import type { CheckResult } from "./checks.ts";
import { protocolOf } from "./definition_document.ts";
import { counted } from "./render/text.ts";
import { sourceCommand } from "./source_command.ts";

/**
 * Checks how this instance meets others.
 *
 * @param instance The instance, open for reading
 * @returns What was found
 */
export async function checkMeeting(instance: Instance): Promise<CheckResult[]> {
  const look = "kairos peers list";
  return [
    ...await guarded("meeting.yml", `Correct ${MEETING_FILE}`, () => checkSettings(instance)),
    ...await guarded("protocol", "kairos protocol list", () => checkProtocol(instance)),
    ...mayCall(instance),
    ...await guarded("peers", look, () => [...checkRivals(instance), ...checkPeers(instance)]),
  ];
}

/** A file that cannot be read is what was found. */
async function guarded(
  name: string,
  fix: string,
  check: () => CheckResult[] | Promise<CheckResult[]>,
): Promise<CheckResult[]> {
  try {
    return await check();
  } catch (thrown) {
    const { message, hint } = asKairosError(thrown, `Cannot look at ${name}`);
    return [{ name, status: "fail", found: message, fix: hint ?? fix }];
  }
}

function checkSettings({ store, view }: Instance): CheckResult[] {
  const name = "meeting.yml";
  const settings = loadMeetingSettings(store.disk, store.root);
  if (settings.warnings.length > 0) {
    const fix = `Correct ${MEETING_FILE}`;
    return settings.warnings.map((found) => ({ name, status: "warn", found, fix }));
  }
  const problem = whyClosed(settings, view());
  const found = problem === null
    ? "others are answered while it is served"
    : `others are not answered: ${problem}`;
  return [{ name, status: "ok", found, fix: null }];
}

function mayCall({ config }: Instance): CheckResult[] {
  if (!config["tools.families"].includes("meeting")) return [];
  const found = "agents may call other instances; a server on pipes keeps the network";
  return [{ name: "peers", status: "note", found, fix: null }];
}

function checkPeers(instance: Instance): CheckResult[] {
  const name = "peers";
  const known = sourceCommand(instance);
  if (known === null) {
    return [{ name, status: "ok", found: "no address of another instance is known", fix: null }];
  }
  const { command, names } = known;
  const more = names.length === 0
    ? ""
    : `, with the IP addresses of ${names.join(", ")} and the port added to the list`;
  const found = `run from source, limit calls to them: ${command} COMMAND${more}`;
  return [{ name, status: "note", found, fix: null }];
}

/** Peers of whom two keys are known: only a person can say which is right. */
function checkRivals({ store }: Instance): CheckResult[] {
  return new Peers(store).list().flatMap(({ id, rival }): CheckResult[] => {
    if (rival === null) return [];
    const { fingerprint } = rival.key;
    return [{
      name: "peers",
      status: "warn",
      found: `${quote(id)} came with another key than before, ${fingerprint}`,
      fix: `Ask its owner; if it is right: kairos peers trust ${id} --fingerprint ${fingerprint}`,
    }];
  });
}

/** What was left out of the protocol, such as a second definition of an action. */
async function checkProtocol(instance: Instance): Promise<CheckResult[]> {
  const { definitions, warnings } = await protocolOf(instance);
  const name = "protocol";
  if (warnings.length === 0) {
    const found = `${counted(definitions.length, "definition")}, each action with one owner`;
    return [{ name, status: "ok", found, fix: null }];
  }
  const fix = "Correct the definition or delete it; see kairos protocol list";
  return warnings.map((found) => ({ name, status: "warn", found, fix }));
}
