import type { ViewProps } from "../registry";
import { CaseList } from "./CaseList";
import { CasePage } from "./CasePage";
import "./cases.css";

export default function Cases({ place }: ViewProps) {
  const [id, tab] = place.args;
  return id ? <CasePage key={id} id={id} tab={tab ?? "course"} /> : <CaseList />;
}
