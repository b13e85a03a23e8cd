import { Text } from "../../parts/Text";
import { t } from "../../words";
import { moment } from "../../words/moment";
import type { TabProps } from "./CasePage";

/** The case's lines of the audit trail, the newest first. */
export function History({ one }: TabProps) {
  return (
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th>{t("cases.history.when")}</th>
            <th>{t("cases.history.who")}</th>
            <th>{t("cases.what")}</th>
          </tr>
        </thead>
        <tbody>
          {one.history.edges.map(({ node }, index) => (
            <tr key={index}>
              <td class="time">{moment(node.at)}</td>
              <td>{node.who}</td>
              <td>
                <code>{node.action}</code>{" "}
                <span class="faint">
                  <Text cut={300}>{node.after ? JSON.stringify(node.after) : ""}</Text>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {one.history.totalCount > one.history.edges.length && <p class="faint">{t("cases.history.more", { shown: one.history.edges.length, total: one.history.totalCount })}</p>}
    </div>
  );
}
