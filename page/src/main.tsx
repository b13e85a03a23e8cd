import { render } from "preact";
import "./style/tokens.css";
import "./style/page.css";
import "./style/parts.css";
import "./style/controls.css";
import { App } from "./shell/App";

const place = document.getElementById("page");
if (place) render(<App />, place);
