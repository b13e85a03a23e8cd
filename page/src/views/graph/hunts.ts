/** Which hunts are worth running for a kind of entity: those of tactics that such an entity takes part in. */

interface Hunt {
  id: string;
  title: string;
  tactic: string;
}

const TACTICS: Record<string, string[]> = {
  User: ["lateral_movement", "credential_access", "privilege_escalation", "initial_access", "persistence"],
  Host: ["lateral_movement", "execution", "persistence", "credential_access", "defense_evasion"],
  IP: ["initial_access", "lateral_movement", "command_and_control", "credential_access"],
  Mailbox: ["initial_access", "collection", "exfiltration", "persistence"],
};
const MOST = 8;

export function huntsFor(label: string, hunts: Hunt[]): Hunt[] {
  const tactics = TACTICS[label] ?? [];
  const rank = (hunt: Hunt) => tactics.indexOf(hunt.tactic.toLowerCase().replace(/[- ]/g, "_"));
  return hunts
    .filter((hunt) => rank(hunt) >= 0)
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST);
}
