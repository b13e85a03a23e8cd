/** ATT&CK's tactics in the order in which an intrusion goes through them, and levels from the gravest. */

export const TACTICS = [
  "reconnaissance",
  "resource_development",
  "initial_access",
  "execution",
  "persistence",
  "privilege_escalation",
  "defense_evasion",
  "credential_access",
  "discovery",
  "lateral_movement",
  "collection",
  "command_and_control",
  "exfiltration",
  "impact",
];

export const LEVELS = ["critical", "high", "medium", "low", "informational"];

export function inOrder(order: string[]): (one: string, other: string) => number {
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return (one, other) => rank(one) - rank(other) || one.localeCompare(other);
}
