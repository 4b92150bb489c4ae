/**
 * What `kairos doctor` says of meeting other instances.
 *
 * @module
 */

import { asKairosError } from "../core/errors.ts";
import type { Instance } from "../core/instance.ts";
import { loadMeetingSettings, MEETING_FILE } from "../mmp/settings.ts";
import { whyClosed } from "../mmp/why_closed.ts";
import type { CheckResult } from "./checks.ts";
import { peerFlags } from "./peer_flags.ts";

/**
 * Checks how this instance meets others.
 *
 * @param instance The instance, open for reading
 * @returns What was found
 */
export function checkMeeting(instance: Instance): CheckResult[] {
  return [
    ...guarded("meeting.yml", `Correct ${MEETING_FILE}`, () => checkSettings(instance)),
    ...mayCall(instance),
    ...guarded("peers", "kairos peers list", () => checkPeers(instance)),
  ];
}

/** A file that cannot be read is what was found. */
function guarded(name: string, fix: string, check: () => CheckResult[]): CheckResult[] {
  try {
    return check();
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

function checkPeers({ store }: Instance): CheckResult[] {
  const name = "peers";
  const flags = peerFlags(store);
  if (flags === null) {
    return [{ name, status: "ok", found: "no address of another instance is known", fix: null }];
  }
  const { flag, names } = flags;
  const more = names.length === 0
    ? ""
    : `, and in the same list the IP addresses of ${names.join(", ")} with the port`;
  const found = `run from source, limit calls to them with ${flag}${more}`;
  return [{ name, status: "note", found, fix: null }];
}
