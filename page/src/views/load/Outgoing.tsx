import { Failed } from "../../parts/State";
import { Text } from "../../parts/Text";
import { percent, t } from "../../words";
import { size } from "./size";

interface Props {
  name: string;
  bytes: number;
  share: number;
  error: Error | null;
  stop: () => void;
}

/** A file that is on its way to the server, waits for it, or was refused. */
export function Sent({ name, bytes, share, error, stop }: Props) {
  return (
    <li class="card upload">
      <header>
        <strong>
          <Text>{name}</Text>
        </strong>
        <span class="faint number">{size(bytes)}</span>
        <button type="button" class="quiet push" onClick={stop}>
          {t(error ? "load.forget" : "load.stop")}
        </button>
      </header>
      {error ? (
        <Failed error={error} />
      ) : (
        <div class="row">
          <progress aria-label={t("load.sending")} value={share} max={1} />
          <span class="soft number">{share ? `${t("load.sending")} ${percent(share)}` : t("load.queued")}</span>
        </div>
      )}
    </li>
  );
}
